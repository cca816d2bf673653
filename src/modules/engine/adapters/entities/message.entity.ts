import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../../../platform/database/json.js';
import { Conversation } from './conversation.entity.js';

/** One turn of a conversation. */
@Entity('messages')
@Index('idx_messages_conversation', ['conversationId'])
export class Message {
  /** UUIDv7: sorting by id is sorting by time. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_messages' })
  id!: string;

  @ForeignKey(() => Conversation, { name: 'fk_messages_conversation', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'conversation_id' })
  conversationId!: string;

  /** `user`, `assistant`, `system` or `tool`. */
  @Column('varchar', { length: 20 })
  role!: string;

  @Column('text')
  content!: string;

  /** For answers: citations, quality, engine. */
  @Column('jsonb', { default: {} })
  metadata!: JsonObject;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
