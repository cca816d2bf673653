import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { RequestCompleted } from '#libs/contracts';
import { ENTITIES } from '../src/entities.js';
import { ApiStatsQueries } from '../src/modules/analytics/adapters/api-stats.queries.js';
import { ApiStatsRetention } from '../src/modules/analytics/adapters/api-stats.retention.js';
import { ApiStatsWriter } from '../src/modules/analytics/adapters/api-stats.writer.js';
import { addToRollupsSql } from '../src/modules/analytics/adapters/rollup.sql.js';
import { RequestRecorder } from '../src/modules/analytics/request-recorder.js';
import { defaultBatchLimits } from '../src/platform/batching/batch-writer.js';
import { StatsService } from '../src/modules/analytics/stats.service.js';
import { StatsStore } from '../src/modules/analytics/stats-store.js';
import { startEmbeddedPostgres } from '../src/platform/database/embedded/server.js';
import { Database } from '../src/platform/database/database.js';
import { DatabaseConfig } from '../src/platform/database/database.config.js';
import { MigrationRunner } from '../src/platform/database/migration-runner.js';
import { ensureMonthlyPartitions } from '../src/platform/database/partitions.js';
import { LocalEventBus } from '../src/platform/events/local-event-bus.js';
import { SchemaSql } from '../src/platform/tenancy/schema-name.js';
import type { TenantContext } from '../src/platform/tenancy/tenant-context.js';
import { TenantDatabase } from '../src/platform/tenancy/tenant-database.js';
import { tenantContext, TenantService } from '../src/platform/tenancy/tenant.service.js';
import { isLarge, isQuick } from './support/options.js';

// Statistics over many requests: the product's three queries beside the plain SQL on the requests themselves, and what
// recording costs. 1,000,000 requests over 30 days, 10,000,000 with --large.

const LARGE = isLarge;
const REQUESTS = isQuick ? 30_000 : LARGE ? 10_000_000 : 1_000_000;
const DAYS = 30;
/** Minutes of single endpoints are kept three days; making older ones would only take time. */
const MINUTE_DAYS = 3;
const DAY = 86_400_000;
const RECORDED = isQuick ? 5_000 : 100_000;

interface Bench {
  database: Database;
  tenantDatabase: TenantDatabase;
  store: StatsStore;
  queries: ApiStatsQueries;
}

/** 40 routes, log-normal durations, 3 % errors, a third of the requests on cached routes. */
function generatedSql(rows: number): string {
  return `
    SELECT '/route/' || (i % 40) AS endpoint, CASE WHEN i % 4 = 0 THEN 'POST' ELSE 'GET' END AS method, '10.0.0.' || (i % 250) AS ip,
      CASE WHEN dice < 0.01 THEN 500 WHEN dice < 0.03 THEN 404 ELSE 200 END AS status_code,
      exp(2 + (i % 40) / 20.0 + 0.8 * sqrt(-2 * ln(1 - u)) * cos(2 * pi() * v)) AS duration,
      $1::timestamptz + make_interval(secs => 86400.0 * i / ${rows}) AS "timestamp",
      CASE WHEN i % 3 = 0 THEN CASE WHEN u < 0.7 THEN 'HIT' ELSE 'MISS' END END AS cache
    FROM (SELECT i, random() AS dice, random() AS u, random() AS v FROM generate_series(0, ${rows - 1}) AS i) AS numbers`;
}

async function generate({ database, tenantDatabase }: Bench, tenant: TenantContext, end: number): Promise<void> {
  const sql = new SchemaSql(tenant.schema);
  const columns = 'endpoint, method, ip, status_code, duration, "timestamp", cache';
  await tenantDatabase.forTenant(tenant, () =>
    tenantDatabase.transaction((manager) => ensureMonthlyPartitions(manager, sql, { table: 'api_stats', column: 'timestamp' }, new Date(end - DAYS * DAY), 3)),
  );
  for (let day = DAYS; day > 0; day--) {
    const from = new Date(end - day * DAY);
    await database.pool.query(`INSERT INTO ${sql.table('api_stats')} (${columns}) ${generatedSql(REQUESTS / DAYS)}`, [from]);
    const source = `(SELECT * FROM ${sql.table('api_stats')} WHERE "timestamp" >= '${from.toISOString()}' AND "timestamp" < '${new Date(from.getTime() + DAY).toISOString()}') AS one_day`;
    await database.pool.query(addToRollupsSql(sql.table('api_stats_rollups'), source, day > MINUTE_DAYS ? ['hour', 'day'] : ['minute', 'hour', 'day']));
  }
  for (const table of ['api_stats', 'api_stats_rollups']) await database.pool.query(`VACUUM ANALYZE ${sql.table(table)}`);
}

/** Median of some runs after one to warm up, in milliseconds. */
async function time(runs: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const begin = performance.now();
    await work();
    times.push(performance.now() - begin);
  }
  return times.slice(1).sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
}

async function compareQueries(bench: Bench, tenant: TenantContext, end: number): Promise<void> {
  const { database, tenantDatabase, store, queries } = bench;
  const stats = new StatsService(queries, new RequestRecorder(new LocalEventBus(), store));
  const table = new SchemaSql(tenant.schema).table('api_stats');
  const measures = `count(*), count(*) FILTER (WHERE status_code >= 400), avg(duration), percentile_disc(array[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY duration)`;
  const naive = (keys: string, from: Date) => () =>
    database.pool.query(`SELECT ${keys ? `${keys}, ` : ''}${measures} FROM ${table} WHERE "timestamp" >= $1 AND "timestamp" < $2 ${keys ? `GROUP BY ${keys}` : ''}`, [from, new Date(end)]);

  console.log(`\n| ${REQUESTS.toLocaleString('en')} requests over ${DAYS} days | roll-ups, ms | plain SQL on api_stats, ms | times faster |\n|---|---|---|---|`);
  for (const [name, days] of [['24 hours', 1], [`${DAYS} days`, DAYS]] as const) {
    const from = new Date(end - days * DAY);
    const window = { from, to: new Date(end) };
    const pairs: [string, () => Promise<unknown>, () => Promise<unknown>][] = [
      ['overview', () => stats.overview(window), naive('', from)],
      ['timeseries p95, hours', () => stats.timeseries({ metric: 'p95_ms', interval: 'hour', ...window }), naive(`date_trunc('hour', "timestamp")`, from)],
      ['endpoints', () => stats.endpoints({ sort: 'p95_ms', page: 1, pageSize: 20, ...window }), naive('endpoint, method', from)],
    ];
    for (const [what, ours, plain] of pairs) {
      const mine = await time(15, () => tenantDatabase.forTenant(tenant, ours));
      const theirs = await time(LARGE ? 1 : 3, plain);
      console.log(`| ${what}, ${name} | ${mine.toFixed(1)} | ${theirs.toFixed(0)} | ${(theirs / mine).toFixed(0)} |`);
    }
  }
  const minutes = await time(15, () => tenantDatabase.forTenant(tenant, () => stats.timeseries({ metric: 'p95_ms', interval: 'minute', from: new Date(end - DAY), to: new Date(end) })));
  console.log(`| timeseries p95, minutes, 24 hours | ${minutes.toFixed(1)} | | |`);
  const { rows } = await database.pool.query<{ name: string; mb: number }>(
    `SELECT CASE WHEN relname ~ '^api_stats_(minute|hour|day)$' THEN 'roll-ups' ELSE 'api_stats' END AS name, (sum(pg_total_relation_size(c.oid)) / 1e6)::float8 AS mb
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname = $1 AND relkind = 'r' AND relname LIKE 'api_stats%' GROUP BY 1 ORDER BY 1`,
    [tenant.schema],
  );
  console.log(`\nOn disk: ${rows.map(({ name, mb }) => `${name} ${mb.toFixed(0)} MB`).join(', ')}.`);
}

function requestOf(tenant: TenantContext, i: number): RequestCompleted {
  return {
    tenant,
    requestId: randomUUID(),
    endpoint: `/route/${i % 40}`,
    method: 'GET',
    ip: '127.0.0.1',
    statusCode: i % 50 === 0 ? 404 : 200,
    durationMs: 1 + (i % 97) * 1.7,
    principalId: '019aa4c5-8a52-7c3e-9f34-0242ac120002',
    cache: undefined,
    at: Date.now(),
  };
}

async function recording({ store, database }: Bench, tenant: TenantContext): Promise<void> {
  const events = new LocalEventBus();
  const recorder = new RequestRecorder(events, store);
  recorder.onModuleInit();
  recorder.onApplicationBootstrap();
  const requests = Array.from({ length: RECORDED }, (_, i) => requestOf(tenant, i));
  const feed = async (): Promise<void> => {
    for (let i = 0; i < requests.length; i++) {
      // As a busy server would: some requests, then other work.
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
      while (recorder.unfinished(tenant.slug) > defaultBatchLimits.capacity - 100) await new Promise((resolve) => setTimeout(resolve, 20));
      events.emit('request.completed', requests[i]!);
    }
    await recorder.beforeApplicationShutdown();
    while (recorder.unfinished(tenant.slug) > 0) await recorder.flush(tenant.slug);
  };
  await feed();
  const cpu = process.cpuUsage();
  const begin = performance.now();
  await feed();
  const seconds = (performance.now() - begin) / 1_000;
  const used = process.cpuUsage(cpu);
  await recorder.onApplicationShutdown();

  const alone = await time(3, async () => {
    const sql = `INSERT INTO ${new SchemaSql(tenant.schema).table('api_stats')} (endpoint, method, ip, status_code, duration, user_id, request_id)
      SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::float8[], $6::text[], $7::text[])`;
    for (let i = 0; i < RECORDED; i += defaultBatchLimits.batch) {
      const batch = requests.slice(i, i + defaultBatchLimits.batch);
      const columns = [batch.map((r) => r.endpoint), batch.map((r) => r.method), batch.map((r) => r.ip), batch.map((r) => r.statusCode), batch.map((r) => r.durationMs), batch.map((r) => r.principalId), batch.map((r) => r.requestId)];
      await database.pool.query(sql, columns);
    }
  });
  console.log(`\n| recording ${RECORDED.toLocaleString('en')} requests of 40 routes | |\n|---|---|`);
  console.log(`| requests/s, sustained into the table and the roll-ups | ${Math.round(RECORDED / seconds).toLocaleString('en')} |`);
  console.log(`| share of the rate of a plain batched INSERT without roll-ups | ${(alone / 1_000 / seconds).toFixed(2)} |`);
  console.log(`| CPU of this process a request, µs (event, buffer, flush) | ${((used.user + used.system) / RECORDED).toFixed(1)} |`);
  console.log(`| dropped | ${recorder.dropped(tenant.slug)} |`);
}

async function main(): Promise<void> {
  Logger.overrideLogger(['error']);
  const directory = await mkdtemp(join(tmpdir(), 'ai-stack-bench-'));
  const server = await startEmbeddedPostgres({ directory });
  try {
    const database = await Database.open(new DatabaseConfig({ url: server.url, statementTimeoutMs: 0 }), ENTITIES);
    const migrations = new MigrationRunner(database);
    await migrations.migrateAll();
    const tenants = new TenantService(database, migrations);
    const tenantDatabase = new TenantDatabase(database);
    const store = new StatsStore(tenants, tenantDatabase, new ApiStatsWriter(tenantDatabase), new ApiStatsRetention(tenantDatabase));
    const bench: Bench = { database, tenantDatabase, store, queries: new ApiStatsQueries(tenantDatabase) };
    const read = tenantContext(await tenants.provision('read', 'Read'));
    const end = Math.floor(Date.now() / 60_000) * 60_000;
    const begin = performance.now();
    await generate(bench, read, end);
    console.log(`Generated and rolled up in ${((performance.now() - begin) / 1_000).toFixed(0)} s.`);
    await compareQueries(bench, read, end);
    await recording(bench, tenantContext(await tenants.provision('write', 'Write')));
    await database.close();
  } finally {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

await main();
