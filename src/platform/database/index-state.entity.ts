import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from './bigint.transformer.js';

/** The tenant's index as a whole: one row, id 1. */
@Entity('index_state')
@Check('ck_index_state_single', 'id = 1')
export class IndexState {
  @PrimaryColumn('smallint', { primaryKeyConstraintName: 'pk_index_state', default: 1 })
  id!: number;

  /** Log rows up to this one may be gone; a replica that stands before it is built anew from the tables. */
  @Column('bigint', { name: 'trimmed_through', default: 0, transformer: bigintAsNumber })
  trimmedThrough!: number;

  /** The embedding that searches use; null until the first document. */
  @Column('varchar', { name: 'vector_space', length: 255, nullable: true })
  vectorSpace!: string | null;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
