import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../../../../platform/database/bigint.transformer.js';

/** Rises with each change of a user's memories. */
@Entity('memory_versions')
export class MemoryVersion {
  @PrimaryColumn('varchar', { name: 'owner_id', length: 255, primaryKeyConstraintName: 'pk_memory_versions' })
  ownerId!: string;

  @PrimaryColumn('varchar', { name: 'user_id', length: 255, primaryKeyConstraintName: 'pk_memory_versions' })
  userId!: string;

  @Column('bigint', { transformer: bigintAsNumber, default: 1 })
  version!: number;

  /** The version at which memories were last erased: what was read before knows nothing of it. */
  @Column('bigint', { transformer: bigintAsNumber, default: 0 })
  erased!: number;
}
