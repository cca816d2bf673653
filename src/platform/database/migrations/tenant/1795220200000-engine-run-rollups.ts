import type { MigrationInterface, QueryRunner } from 'typeorm';

// One row: what one engine did with one model in the minute, hour or day (UTC) that begins at `at`. *_sum, *_max: milliseconds; *_runs: how many runs
// the sum is of, where not all have the figure. *_buckets, *_counts: histograms (platform/statistics/histogram.ts).
// Runs from before this table are in none of its rows: they count in no figures and are still listed.
const ROLLUPS = `
  CREATE TABLE engine_run_rollups (
    grain varchar(6) NOT NULL,
    at timestamptz NOT NULL,
    engine varchar(100) NOT NULL,
    model varchar(255) NOT NULL,
    runs int NOT NULL,
    failed int NOT NULL,
    total_sum double precision NOT NULL,
    total_max double precision NOT NULL,
    first_token_max double precision,
    generation_sum double precision NOT NULL,
    retrieval_sum double precision NOT NULL,
    retrieval_runs int NOT NULL,
    memory_sum double precision NOT NULL,
    memory_runs int NOT NULL,
    prompt_tokens bigint NOT NULL,
    completion_tokens bigint NOT NULL,
    cost double precision,
    total_buckets smallint[] NOT NULL,
    total_counts int[] NOT NULL,
    first_token_buckets smallint[] NOT NULL,
    first_token_counts int[] NOT NULL,
    CONSTRAINT pk_engine_run_rollups PRIMARY KEY (grain, at, engine, model)
  ) WITH (fillfactor = 70)`;

/** Roll-ups of engine_runs, written in the statement that stores the runs. */
export class EngineRunRollups1795220200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ROLLUPS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE engine_run_rollups');
  }
}
