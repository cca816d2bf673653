import type { SchemaSql } from '../../../platform/tenancy/schema-name.js';
import { segmentsOf } from '../../../platform/statistics/grains.js';
import { bucketSql, mergedHistogramSql, percentileSql, rankedSql } from '../../../platform/statistics/histogram.js';

const key = 'grain, at, engine, model';
/** Columns that add up, and what a row begins with. */
const sums = {
  runs: 'count(*)',
  failed: `count(*) FILTER (WHERE status = 'failed')`,
  total_sum: 'sum(total_ms)',
  generation_sum: 'sum(generation_ms)',
  retrieval_sum: 'coalesce(sum(retrieval_ms), 0)',
  retrieval_runs: 'count(retrieval_ms)',
  memory_sum: 'coalesce(sum(memory_ms), 0)',
  memory_runs: 'count(memory_ms)',
  prompt_tokens: 'sum(prompt_tokens)',
  completion_tokens: 'sum(completion_tokens)',
};
const maxima = { total_max: 'max(total_ms)', first_token_max: 'max(first_token_ms)' };
const counted = { ...sums, ...maxima, cost: 'sum(cost)' };
const histograms = ['total', 'first_token'];
const arrays = histograms.flatMap((name) => [`${name}_buckets`, `${name}_counts`]);

/** An INSERT that adds runs to the roll-ups of their minutes, hours and days. @param source what to select runs from; has the columns of engine_runs */
export function addToRollupsSql(rollups: string, source: string): string {
  const histogramSql = (name: string) => `
    SELECT ${key}, array_agg(bucket ORDER BY bucket) AS buckets, array_agg(n ORDER BY bucket) AS counts
    FROM (SELECT ${key}, ${bucketSql(`${name}_ms`)} AS bucket, count(*)::int AS n FROM keyed WHERE ${name}_ms IS NOT NULL GROUP BY ${key}, 5) AS buckets GROUP BY ${key}`;
  // Rows are locked in the order of their key, so that processes which count at the same time wait for each other and never in a circle.
  return `
    , keyed AS (
      SELECT grain, date_trunc(grain, run.at, 'UTC') AS at, engine, model, status, total_ms, first_token_ms, retrieval_ms, memory_ms, generation_ms, prompt_tokens, completion_tokens, cost
      FROM ${source} AS run CROSS JOIN (VALUES ('minute'), ('hour'), ('day')) AS grains (grain)
    )
    INSERT INTO ${rollups} AS rollup (${key}, ${Object.keys(counted).join(', ')}, ${arrays.join(', ')})
    SELECT ${key}, ${Object.keys(counted).join(', ')}, ${histograms.map((name) => `coalesce(${name}.buckets, '{}'), coalesce(${name}.counts, '{}')`).join(', ')}
    FROM (SELECT ${key}, ${Object.entries(counted).map(([column, sql]) => `${sql} AS ${column}`).join(', ')} FROM keyed GROUP BY ${key}) AS counted
    ${histograms.map((name) => `LEFT JOIN (${histogramSql(name)}) AS ${name} USING (${key})`).join('\n    ')}
    ORDER BY ${key}
    ON CONFLICT (${key}) DO UPDATE SET
      ${Object.keys(sums).map((column) => `${column} = rollup.${column} + excluded.${column}`).join(', ')},
      ${Object.keys(maxima).map((column) => `${column} = greatest(rollup.${column}, excluded.${column})`).join(', ')},
      cost = CASE WHEN rollup.cost IS NULL THEN excluded.cost ELSE rollup.cost + coalesce(excluded.cost, 0) END,
      ${histograms.map((name) => `(${name}_buckets, ${name}_counts) = (${mergedHistogramSql(`${name}_buckets`, `${name}_counts`)})`).join(', ')}`;
}

/** What a window holds, by engine and model, the busiest first; the columns are those of EngineFigures. Percentiles are within 5 %. */
export function figuresSql(window: { from: Date; to: Date }): { text: (sql: SchemaSql) => string; values: Date[] } {
  const segments = segmentsOf(window);
  return { text: (sql) => measuresSql(cellsSql(sql.table('engine_run_rollups'), segments.map(({ grain }) => grain))), values: segments.flatMap(({ from, to }) => [from, to]) };
}

function cellsSql(rollups: string, grains: string[]): string {
  const parts = grains.map((grain, place) => `SELECT * FROM ${rollups} WHERE grain = '${grain}' AND at >= $${2 * place + 1} AND at < $${2 * place + 2}`);
  return parts.join(' UNION ALL ');
}

function measuresSql(cells: string): string {
  const group = 'engine, model';
  const histogram = histograms.map((name) => `SELECT ${group}, '${name}' AS name, bucket, n FROM cells, unnest(${name}_buckets, ${name}_counts) AS filled (bucket, n)`).join(' UNION ALL ');
  return `
    WITH cells AS (${cells}),
    sums AS (
      SELECT ${group}, ${Object.keys(sums).map((column) => `sum(${column})::float8 AS ${column}`).join(', ')}, ${Object.keys(maxima).map((column) => `max(${column}) AS ${column}`).join(', ')}, sum(cost) AS cost
      FROM cells GROUP BY ${group}
    ), histogram AS (SELECT ${group}, name, bucket, sum(n)::float8 AS n FROM (${histogram}) AS filled GROUP BY ${group}, name, bucket),
    ranked AS (${rankedSql(`${group}, name`, 'histogram')}),
    percentiles AS (SELECT ${group}, name, ${percentileSql(0.5)} AS p50, ${percentileSql(0.95)} AS p95 FROM ranked GROUP BY ${group}, name)
    SELECT sums.engine, sums.model, runs, failed, total_sum / runs AS "averageMs", least(total.p50, total_max) AS "p50Ms", least(total.p95, total_max) AS "p95Ms",
      least(first_token.p95, first_token_max) AS "firstTokenP95Ms", retrieval_sum / nullif(retrieval_runs, 0) AS "retrievalMs", memory_sum / nullif(memory_runs, 0) AS "memoryMs",
      generation_sum / runs AS "generationMs", prompt_tokens AS "promptTokens", completion_tokens AS "completionTokens", cost
    FROM sums ${histograms.map((name) => `LEFT JOIN percentiles AS ${name} ON ${name}.engine = sums.engine AND ${name}.model = sums.model AND ${name}.name = '${name}'`).join(' ')}
    ORDER BY runs DESC, sums.engine, sums.model`;
}
