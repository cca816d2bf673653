import type { MigrationInterface, QueryRunner } from 'typeorm';

// owner_id: the principal whose memories these are. user_id, agent_id, app_id, run_id: ids that the owner gives, '' where none:
// they mean something beside their owner only. Forgotten rows stay for some days with their history (deleted_at), then go.
const MEMORIES = `
  CREATE TABLE memories (
    id uuid CONSTRAINT pk_memories PRIMARY KEY,
    owner_id varchar(255) NOT NULL,
    user_id varchar(255) NOT NULL DEFAULT '',
    agent_id varchar(255) NOT NULL DEFAULT '',
    app_id varchar(255) NOT NULL DEFAULT '',
    run_id varchar(255) NOT NULL DEFAULT '',
    text text NOT NULL,
    hash varchar(64) NOT NULL,
    attribute varchar(255),
    terms text[] NOT NULL,
    vector bytea,
    vector_space varchar(255),
    metadata jsonb NOT NULL DEFAULT '{}',
    feedback jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    deleted_at timestamptz
  )`;

const HISTORY = `
  CREATE TABLE memory_history (
    id uuid CONSTRAINT pk_memory_history PRIMARY KEY,
    memory_id uuid NOT NULL CONSTRAINT fk_memory_history_memory REFERENCES memories (id) ON DELETE CASCADE,
    event varchar(8) NOT NULL,
    old_text text,
    new_text text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_memory_history_event CHECK (event IN ('ADD', 'UPDATE', 'DELETE'))
  )`;

// Rises with each change of a user's memories: what is cached of them is told old by it, and its row is the lock of the writers.
const VERSIONS = `
  CREATE TABLE memory_versions (
    owner_id varchar(255) NOT NULL,
    user_id varchar(255) NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT pk_memory_versions PRIMARY KEY (owner_id, user_id)
  )`;

// What an asynchronous client asks for after it has added something; kept for a day.
const EVENTS = `
  CREATE TABLE memory_events (
    id uuid CONSTRAINT pk_memory_events PRIMARY KEY,
    owner_id varchar(255) NOT NULL,
    results jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
  )`;

/** What is remembered about users, its history, and what its readers and writers need. */
export class Memories1795219200020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(MEMORIES);
    await runner.query('CREATE INDEX idx_memories_owner ON memories (owner_id, user_id, id)');
    await runner.query(HISTORY);
    await runner.query('CREATE INDEX idx_memory_history_memory ON memory_history (memory_id, id)');
    await runner.query(VERSIONS);
    await runner.query(EVENTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE memory_events, memory_versions, memory_history, memories');
  }
}
