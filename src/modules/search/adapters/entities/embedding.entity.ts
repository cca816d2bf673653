import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An embedding that a process of this installation was started with. */
@Entity('embeddings')
export class Embedding {
  /** See EmbeddingModel. */
  @PrimaryColumn('varchar', { length: 255, primaryKeyConstraintName: 'pk_embeddings' })
  space!: string;

  /** Base URL; empty for the built-in embedding. */
  @Column('text')
  endpoint!: string;

  @Column('varchar', { length: 255 })
  model!: string;

  @Column('int')
  dimensions!: number;

  /** The last start with it: the newest decides where the vectors of all tenants move to. */
  @Column('timestamptz', { name: 'chosen_at', default: () => 'clock_timestamp()' })
  chosenAt!: Date;
}
