import { Injectable } from '@nestjs/common';
import type { SchemaSql } from '../../../platform/tenancy/schema-name.js';
import { TenantDatabase } from '../../../platform/tenancy/tenant-database.js';
import { segmentsOf, type Segment } from '../../../platform/statistics/grains.js';
import { percentileSql, rankedSql } from '../../../platform/statistics/histogram.js';
import { PERCENTILES, type Percentile, type Timeline } from '../core/timeline.js';
import type { RecentRequest } from '../../dashboard/dashboard.types.js';
import type { EndpointMeasures, Measures, Window } from '../stats.types.js';

interface Row {
  requests: number;
  client_errors: number;
  server_errors: number;
  avg_ms: number;
  max_ms: number;
  cache_hits: number;
  cache_lookups: number;
  p50_ms?: number;
  p95_ms?: number;
  p99_ms?: number;
}

const ALL_PERCENTILES = Object.keys(PERCENTILES) as Percentile[];

/** Reads the current tenant's roll-ups. Every figure of every statistic comes out of measuresSql(). */
@Injectable()
export class ApiStatsQueries {
  constructor(private readonly database: TenantDatabase) {}

  /** All requests of a window together. */
  async total(window: Window): Promise<Measures> {
    const { text, values } = cellsSql(segmentsOf(window), `true AS everything`, `endpoint = '' AND method = ''`);
    const [row] = await this.database.query<Row>((sql) => measuresSql('everything', text(sql)), values);
    return row ? toMeasures(row) : NOTHING;
  }

  /**
   * Requests by interval (epoch milliseconds of its begin); intervals without any are absent.
   * @param percentiles which to compute: most of the work goes there; the others are null
   */
  async byInterval({ grain, stepMs, window }: Timeline, endpoint: string | undefined, percentiles: Percentile[]): Promise<Map<number, Measures>> {
    const whose = endpoint === undefined ? `endpoint = '' AND method = ''` : 'endpoint = $1';
    const interval = `date_bin('${stepMs} milliseconds', at, 'epoch') AS interval_start`;
    const { text, values } = cellsSql([{ grain, ...window }], interval, whose, endpoint === undefined ? [] : [endpoint]);
    const rows = await this.database.query<Row & { interval_start: Date }>((sql) => measuresSql('interval_start', text(sql), percentiles), values);
    return new Map(rows.map((row) => [row.interval_start.getTime(), toMeasures(row)]));
  }

  /** Requests of a window by route pattern and method: as many rows as the program has routes, at most. */
  async byEndpoint(window: Window): Promise<EndpointMeasures[]> {
    const { text, values } = cellsSql(segmentsOf(window), 'endpoint, method', `endpoint <> ''`);
    const rows = await this.database.query<Row & { endpoint: string; method: string }>((sql) => measuresSql('endpoint, method', text(sql)), values);
    return rows.map((row) => ({ endpoint: row.endpoint, method: row.method, ...toMeasures(row) }));
  }

  /** Single requests, the newest first. @param since earlier ones are left out, and with them the partitions of earlier months */
  newest(since: Date, limit: number): Promise<RecentRequest[]> {
    return this.database.query<RecentRequest>(
      (sql) => `SELECT request_id AS "requestId", endpoint, method, status_code AS "statusCode", duration AS "durationMs", user_id AS "principalId", cache, "timestamp" AS at
                FROM ${sql.table('api_stats')} WHERE "timestamp" >= $1 ORDER BY "timestamp" DESC, id DESC LIMIT $2`,
      [since, limit],
    );
  }
}

interface Cells {
  text(sql: SchemaSql): string;
  values: unknown[];
}

/** The roll-up rows of some stretches. Each names its grain literally, so that only that partition is planned and read. */
function cellsSql(segments: readonly Segment[], keys: string, condition: string, first: unknown[] = []): Cells {
  const values = [...first];
  const ranges = segments.map(({ grain, from, to }) => {
    values.push(from, to);
    return `grain = '${grain}' AND at >= $${values.length - 1} AND at < $${values.length}`;
  });
  const columns = 'status_class, requests, duration_sum, duration_max, cache_hits, cache_lookups, buckets, bucket_counts';
  return {
    text: (sql) => ranges.map((range) => `SELECT ${keys}, ${columns} FROM ${sql.table('api_stats_rollups')} WHERE ${condition} AND ${range}`).join('\nUNION ALL\n'),
    values,
  };
}

/** All measures of each group of roll-up rows. Percentiles are nearest-rank, read from the groups' added histograms. */
function measuresSql(keys: string, cells: string, percentiles: Percentile[] = ALL_PERCENTILES): string {
  const sums = `
      SELECT ${keys}, sum(requests)::float8 AS requests,
        coalesce(sum(requests) FILTER (WHERE status_class = 4), 0)::float8 AS client_errors,
        coalesce(sum(requests) FILTER (WHERE status_class >= 5), 0)::float8 AS server_errors,
        sum(duration_sum) / sum(requests) AS avg_ms, max(duration_max) AS max_ms,
        sum(cache_hits)::float8 AS cache_hits, sum(cache_lookups)::float8 AS cache_lookups
      FROM cells GROUP BY ${keys}`;
  if (percentiles.length === 0) return `WITH cells AS (${cells}) ${sums}`;
  return `
    WITH cells AS (${cells}),
    sums AS (${sums}
    ), histogram AS (
      SELECT ${keys}, bucket, sum(n)::float8 AS n
      FROM (SELECT ${keys}, unnest(buckets) AS bucket, unnest(bucket_counts) AS n FROM cells) AS filled
      GROUP BY ${keys}, bucket
    ), ranked AS (${rankedSql(keys, 'histogram')}
    ), percentiles AS (
      SELECT ${keys}, ${percentiles.map((name) => `${percentileSql(PERCENTILES[name])} AS ${name}`).join(', ')}
      FROM ranked GROUP BY ${keys}
    )
    SELECT sums.*, ${percentiles.map((name) => `least(${name}, max_ms) AS ${name}`).join(', ')}
    FROM sums JOIN percentiles USING (${keys})`;
}

const NOTHING: Measures = {
  requests: 0,
  clientErrors: 0,
  serverErrors: 0,
  avgMs: null,
  maxMs: null,
  p50Ms: null,
  p95Ms: null,
  p99Ms: null,
  cacheHits: 0,
  cacheLookups: 0,
};

function toMeasures(row: Row): Measures {
  return {
    requests: row.requests,
    clientErrors: row.client_errors,
    serverErrors: row.server_errors,
    avgMs: row.avg_ms,
    maxMs: row.max_ms,
    p50Ms: row.p50_ms ?? null,
    p95Ms: row.p95_ms ?? null,
    p99Ms: row.p99_ms ?? null,
    cacheHits: row.cache_hits,
    cacheLookups: row.cache_lookups,
  };
}
