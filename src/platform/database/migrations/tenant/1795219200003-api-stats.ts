import type { MigrationInterface, QueryRunner } from 'typeorm';

// duration: milliseconds. cache: HIT, MISS or STALE where a cached route answered.
const API_STATS = `
  CREATE TABLE api_stats (
    id bigserial NOT NULL,
    endpoint varchar(255) NOT NULL,
    method varchar(10) NOT NULL,
    ip varchar(50),
    status_code int NOT NULL,
    duration double precision NOT NULL,
    "timestamp" timestamptz NOT NULL DEFAULT now(),
    user_id varchar(255),
    request_id varchar(64),
    cache varchar(8),
    CONSTRAINT pk_api_stats PRIMARY KEY (id, "timestamp")
  ) PARTITION BY RANGE ("timestamp")`;

/** Statistics of requests, a partition a month (made by partitions.ts); the default one takes what finds no other. */
export class ApiStats1795219200003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(API_STATS);
    await runner.query('CREATE INDEX idx_stats_endpoint ON api_stats (endpoint)');
    await runner.query('CREATE INDEX idx_stats_timestamp ON api_stats ("timestamp")');
    await runner.query('CREATE TABLE api_stats_default PARTITION OF api_stats DEFAULT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE api_stats');
  }
}
