import type { MigrationInterface, QueryRunner } from 'typeorm';

const CONVERSATIONS = `
  CREATE TABLE conversations (
    id uuid CONSTRAINT pk_conversations PRIMARY KEY,
    user_id varchar(255) NOT NULL,
    title varchar(255),
    message_count int NOT NULL DEFAULT 0,
    metadata jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
  )`;

const MESSAGES = `
  CREATE TABLE messages (
    id uuid CONSTRAINT pk_messages PRIMARY KEY,
    conversation_id uuid NOT NULL CONSTRAINT fk_messages_conversation REFERENCES conversations (id) ON DELETE CASCADE,
    role varchar(20) NOT NULL,
    content text NOT NULL,
    metadata jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now()
  )`;

// context: what the user saw when judging (question, citations, quality), kept for evaluation.
const MESSAGE_FEEDBACK = `
  CREATE TABLE message_feedback (
    id uuid CONSTRAINT pk_message_feedback PRIMARY KEY,
    message_id uuid NOT NULL CONSTRAINT fk_message_feedback_message REFERENCES messages (id) ON DELETE CASCADE,
    user_id varchar(255) NOT NULL,
    rating varchar(8) NOT NULL,
    comment text,
    context jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_message_feedback_rating CHECK (rating IN ('up', 'down'))
  )`;

/** Conversations, their messages, and what users think of the answers. */
export class Conversations1795219200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CONVERSATIONS);
    await runner.query('CREATE INDEX idx_conversations_user ON conversations (user_id)');
    await runner.query(MESSAGES);
    await runner.query('CREATE INDEX idx_messages_conversation ON messages (conversation_id)');
    await runner.query(MESSAGE_FEEDBACK);
    await runner.query('CREATE INDEX idx_message_feedback_message ON message_feedback (message_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE message_feedback, messages, conversations');
  }
}
