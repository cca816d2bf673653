import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** Random bytes that all processes share and nobody else is told. */
@Entity('server_secrets')
export class ServerSecret {
  /** What it is for, e.g. `idempotency`. */
  @PrimaryColumn('varchar', { length: 64, primaryKeyConstraintName: 'pk_server_secrets' })
  name!: string;

  @Column('bytea')
  secret!: Buffer;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
