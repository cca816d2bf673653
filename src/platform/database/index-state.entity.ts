import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from './bigint.transformer.js';
import type { JsonObject } from './json.js';

/** The tenant's index as a whole: one row, id 1. */
@Entity('index_state')
@Check('ck_index_state_single', 'id = 1')
export class IndexState {
  @PrimaryColumn('smallint', { primaryKeyConstraintName: 'pk_index_state', default: 1 })
  id!: number;

  /** Log rows up to this one may be gone; a replica that stands before it is built anew from the tables. */
  @Column('bigint', { name: 'trimmed_through', default: 0, transformer: bigintAsNumber })
  trimmedThrough!: number;

  /** The embedding that searches compare vectors in; null until the first vector was written. */
  @Column('varchar', { name: 'vector_space', length: 255, nullable: true })
  vectorSpace!: string | null;

  /** The change to another embedding that is under way. */
  @Column('jsonb', { nullable: true })
  reembedding!: JsonObject | null;

  /** The process that embeds, and until when it may be taken for alive. */
  @Column('uuid', { name: 'lease_owner', nullable: true })
  leaseOwner!: string | null;

  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil!: Date | null;

  /** When searches moved to `vectorSpace` from another one. */
  @Column('timestamptz', { name: 'switched_at', nullable: true })
  switchedAt!: Date | null;

  /** At this `seq` of the log every searchable chunk had a vector of `vectorSpace`; null until somebody has looked. */
  @Column('bigint', { name: 'embedded_through', nullable: true, transformer: bigintAsNumber })
  embeddedThrough!: number | null;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
