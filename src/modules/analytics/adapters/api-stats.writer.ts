import { Injectable } from '@nestjs/common';
import type { RequestCompleted } from '#libs/contracts';
import type { SchemaSql } from '../../../platform/tenancy/schema-name.js';
import { TenantDatabase } from '../../../platform/tenancy/tenant-database.js';
import { addToRollupsSql } from './rollup.sql.js';

/** Writes the requests of the current tenant and counts them in its roll-ups: one statement, so both or neither. */
@Injectable()
export class ApiStatsWriter {
  constructor(private readonly database: TenantDatabase) {}

  async write(requests: readonly RequestCompleted[]): Promise<void> {
    await this.database.query(insertSql, columnsOf(requests));
  }
}

/**
 * The commit does not wait for the disk: a crash of the database server may cost the last fraction of a second, as a crash
 * of this process would, and the writes of documents do not queue behind statistics.
 */
function insertSql(sql: SchemaSql): string {
  const columns = 'endpoint, method, ip, status_code, duration, "timestamp", user_id, request_id, cache';
  return `
    WITH batch AS MATERIALIZED (
      SELECT ${columns}
      FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::float8[], $6::float8[], $7::text[], $8::text[], $9::text[])
        AS row (endpoint, method, ip, status_code, duration, epoch_seconds, user_id, request_id, cache)
      CROSS JOIN LATERAL to_timestamp(epoch_seconds) AS moment ("timestamp")
      CROSS JOIN (SELECT set_config('synchronous_commit', 'off', true)) AS commit_without_waiting
    ), stored AS (
      INSERT INTO ${sql.table('api_stats')} (${columns}) SELECT ${columns} FROM batch
    )
    ${addToRollupsSql(sql.table('api_stats_rollups'), 'batch')}`;
}

/** Cut to what the columns hold; a value of a client must not cost the whole batch. */
function columnsOf(requests: readonly RequestCompleted[]): unknown[][] {
  return [
    requests.map((request) => request.endpoint.slice(0, 255)),
    requests.map((request) => request.method.slice(0, 10)),
    requests.map((request) => request.ip.slice(0, 50)),
    requests.map((request) => request.statusCode),
    requests.map((request) => (Number.isFinite(request.durationMs) ? Math.max(request.durationMs, 0) : 0)),
    requests.map((request) => request.at / 1_000),
    requests.map((request) => request.principalId?.slice(0, 255) ?? null),
    requests.map((request) => request.requestId.slice(0, 64)),
    requests.map((request) => request.cache ?? null),
  ];
}
