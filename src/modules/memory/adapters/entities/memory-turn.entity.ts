import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';
import type { JsonValue } from '../../../../platform/database/json.js';

/** A turn that is still to be learnt from. */
@Entity('memory_turns')
@Index('idx_memory_turns_owner', ['ownerId', 'userId', 'id'])
export class MemoryTurn {
  /** UUIDv7: rows of one user are taken in the order of their ids. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_memory_turns' })
  id!: string;

  /** Who learns from it: `own`, `mem0`. */
  @Column('varchar', { length: 20 })
  target!: string;

  @Column('varchar', { name: 'owner_id', length: 255 })
  ownerId!: string;

  @Column('varchar', { name: 'user_id', length: 255, default: '' })
  userId!: string;

  /** Messages, as they were said. */
  @Column('jsonb')
  turn!: JsonValue;

  /** Claims so far. */
  @Column('int', { default: 0 })
  attempts!: number;

  /** Not before then; of a claimed row the end of the claim. */
  @Column('timestamptz', { name: 'run_after', default: () => 'now()' })
  runAfter!: Date;

  /** Why the last attempt failed. */
  @Column('text', { nullable: true })
  error!: string | null;

  /** Given up. */
  @Column('timestamptz', { name: 'failed_at', nullable: true })
  failedAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
