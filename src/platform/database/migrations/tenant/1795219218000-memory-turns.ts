import type { MigrationInterface, QueryRunner } from 'typeorm';

// One row: a turn that was accepted and is still to be learnt from. Its id is also the key by which a repetition is known. target: who
// learns from it. run_after: not before then; of a claimed row the end of the claim. A row with failed_at was given up.
const MEMORY_TURNS = `
  CREATE TABLE memory_turns (
    id uuid CONSTRAINT pk_memory_turns PRIMARY KEY,
    target varchar(20) NOT NULL,
    owner_id varchar(255) NOT NULL,
    user_id varchar(255) NOT NULL DEFAULT '',
    turn jsonb NOT NULL,
    attempts int NOT NULL DEFAULT 0,
    run_after timestamptz NOT NULL DEFAULT now(),
    error text,
    failed_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
  )`;

/** The queue of turns from which memories are made. */
export class MemoryTurns1795219218000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(MEMORY_TURNS);
    await runner.query('CREATE INDEX idx_memory_turns_owner ON memory_turns (owner_id, user_id, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE memory_turns');
  }
}
