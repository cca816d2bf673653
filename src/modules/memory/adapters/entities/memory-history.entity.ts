import { Check, Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Memory } from './memory.entity.js';

/** One change of a memory. */
@Entity('memory_history')
@Index('idx_memory_history_memory', ['memoryId', 'id'])
@Check('ck_memory_history_event', `event IN ('ADD', 'UPDATE', 'DELETE')`)
export class MemoryHistory {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_memory_history' })
  id!: string;

  @ForeignKey(() => Memory, { name: 'fk_memory_history_memory', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'memory_id' })
  memoryId!: string;

  @Column('varchar', { length: 8 })
  event!: 'ADD' | 'UPDATE' | 'DELETE';

  @Column('text', { name: 'old_text', nullable: true })
  oldText!: string | null;

  @Column('text', { name: 'new_text', nullable: true })
  newText!: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
