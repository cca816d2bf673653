import type { MigrationInterface, QueryRunner } from 'typeorm';

// One row: what one endpoint, method and class of statuses (2 = 2xx …) saw in the minute, hour or day (UTC) that begins at
// `at`. endpoint and method are empty in the rows that count all requests together. duration_*: milliseconds.
// buckets, bucket_counts: how many requests fell into each logarithmic bucket of durations (platform/statistics/histogram.ts), only those
// that are not empty, ascending.
// The key's order suits one series over time; idx_stats_rollups_at suits all series of a stretch of time.
const ROLLUPS = `
  CREATE TABLE api_stats_rollups (
    grain varchar(6) NOT NULL,
    endpoint varchar(255) NOT NULL,
    method varchar(10) NOT NULL,
    status_class smallint NOT NULL,
    at timestamptz NOT NULL,
    requests int NOT NULL,
    duration_sum double precision NOT NULL,
    duration_max double precision NOT NULL,
    cache_hits int NOT NULL,
    cache_lookups int NOT NULL,
    buckets smallint[] NOT NULL,
    bucket_counts int[] NOT NULL,
    CONSTRAINT pk_api_stats_rollups PRIMARY KEY (grain, endpoint, method, status_class, at)
  ) PARTITION BY LIST (grain)`;

/** Roll-ups of api_stats, written in the transaction that stores the requests. */
export class ApiStatsRollups1795219200010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ROLLUPS);
    await runner.query('CREATE INDEX idx_stats_rollups_at ON api_stats_rollups (at)');
    for (const grain of ['minute', 'hour', 'day']) {
      // Room on each page, so that counting up a row needs no new index entry.
      await runner.query(`CREATE TABLE api_stats_${grain} PARTITION OF api_stats_rollups FOR VALUES IN ('${grain}') WITH (fillfactor = 70)`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE api_stats_rollups');
  }
}
