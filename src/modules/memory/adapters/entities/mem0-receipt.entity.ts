import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import type { JsonValue } from '../../../../platform/database/json.js';

/** What became of something that was added, for clients that ask later. */
@Entity('memory_events')
export class Mem0Receipt {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_memory_events' })
  id!: string;

  @Column('varchar', { name: 'owner_id', length: 255 })
  ownerId!: string;

  @Column('jsonb')
  results!: JsonValue;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
