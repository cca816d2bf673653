import type { MigrationInterface, QueryRunner } from 'typeorm';

// Whose account a run is on; null of runs from before these columns.
const COLUMNS = `
  ALTER TABLE engine_runs
    ADD COLUMN purpose varchar(12) NOT NULL DEFAULT 'answer',
    ADD COLUMN principal_id varchar(64),
    ADD COLUMN user_id varchar(255),
    ADD COLUMN request_id varchar(64)`;

// One row: what one principal had one model do in the hour or day (UTC) that begins at `at`. '' stands for what nobody knows.
const ROLLUPS = `
  CREATE TABLE usage_rollups (
    grain varchar(6) NOT NULL,
    at timestamptz NOT NULL,
    principal_id varchar(64) NOT NULL,
    user_id varchar(255) NOT NULL,
    engine varchar(100) NOT NULL,
    model varchar(255) NOT NULL,
    purpose varchar(12) NOT NULL,
    runs int NOT NULL,
    failed int NOT NULL,
    estimated int NOT NULL,
    prompt_tokens bigint NOT NULL,
    completion_tokens bigint NOT NULL,
    cost double precision,
    CONSTRAINT pk_usage_rollups PRIMARY KEY (grain, at, principal_id, user_id, engine, model, purpose)
  ) WITH (fillfactor = 70)`;

const EARLIER_RUNS = `
  INSERT INTO usage_rollups
  SELECT grain, date_trunc(grain, run.at, 'UTC') AS hour_or_day, '', '', engine, model, 'answer', count(*), count(*) FILTER (WHERE status = 'failed'),
    count(*) FILTER (WHERE tokens_estimated), sum(prompt_tokens), sum(completion_tokens), sum(cost)
  FROM engine_runs AS run CROSS JOIN (VALUES ('hour'), ('day')) AS grains (grain)
  GROUP BY grain, hour_or_day, engine, model`;

/** Who used models for what: columns of the runs, and accounts that outlast them. The runs that are there are on nobody's account. */
export class UsageRollups1795226200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COLUMNS);
    await runner.query(ROLLUPS);
    await runner.query(EARLIER_RUNS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE usage_rollups');
    await runner.query(`DELETE FROM engine_runs WHERE purpose <> 'answer'`);
    await runner.query('ALTER TABLE engine_runs DROP COLUMN purpose, DROP COLUMN principal_id, DROP COLUMN user_id, DROP COLUMN request_id');
  }
}
