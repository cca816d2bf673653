import type { MigrationInterface, QueryRunner } from 'typeorm';

// One row: one attempt of an engine at an answer. *_ms: milliseconds. cost: in the currency of ENGINE_PRICES.
const ENGINE_RUNS = `
  CREATE TABLE engine_runs (
    id uuid CONSTRAINT pk_engine_runs PRIMARY KEY,
    engine varchar(100) NOT NULL,
    model varchar(255) NOT NULL,
    reason varchar(12) NOT NULL,
    status varchar(12) NOT NULL,
    total_ms double precision NOT NULL,
    retrieval_ms double precision,
    first_token_ms double precision,
    generation_ms double precision NOT NULL,
    prompt_tokens int NOT NULL,
    completion_tokens int NOT NULL,
    tokens_estimated boolean NOT NULL,
    cost double precision,
    at timestamptz NOT NULL
  )`;

/** What each engine did, how fast and for how many tokens. */
export class EngineRuns1795219200030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ENGINE_RUNS);
    await runner.query('CREATE INDEX idx_engine_runs_at ON engine_runs (at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE engine_runs');
  }
}
