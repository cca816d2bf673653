import { Column, CreateDateColumn, Entity, Index, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import type { JsonObject } from '../../../../platform/database/json.js';

/** A user's thread of questions and answers. */
@Entity('conversations')
@Index('idx_conversations_user', ['userId'])
export class Conversation {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_conversations' })
  id!: string;

  @Column('varchar', { name: 'user_id', length: 255 })
  userId!: string;

  @Column('varchar', { length: 255, nullable: true })
  title!: string | null;

  @Column('int', { name: 'message_count', default: 0 })
  messageCount!: number;

  @Column('jsonb', { default: {} })
  metadata!: JsonObject;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;
}
