import { Check, Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../../../platform/database/json.js';
import { Message } from './message.entity.js';

/** What a user thinks of an answer. */
@Entity('message_feedback')
@Index('idx_message_feedback_message', ['messageId'])
@Check('ck_message_feedback_rating', `rating IN ('up', 'down')`)
export class MessageFeedback {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_message_feedback' })
  id!: string;

  @ForeignKey(() => Message, { name: 'fk_message_feedback_message', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'message_id' })
  messageId!: string;

  @Column('varchar', { name: 'user_id', length: 255 })
  userId!: string;

  @Column('varchar', { length: 8 })
  rating!: 'up' | 'down';

  @Column('text', { nullable: true })
  comment!: string | null;

  /** What the user saw when judging: question, citations, quality. */
  @Column('jsonb', { default: {} })
  context!: JsonObject;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
