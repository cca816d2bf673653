import type { SchemaSql } from '../../../platform/tenancy/schema-name.js';
import { segmentsOf } from '../../../platform/statistics/grains.js';
import type { UsageGroup } from '../engine-run.types.js';

const key = 'grain, at, principal_id, user_id, engine, model, purpose';
/** Columns that add up, and what a row begins with. */
const sums = {
  runs: 'count(*)',
  failed: `count(*) FILTER (WHERE status = 'failed')`,
  estimated: 'count(*) FILTER (WHERE tokens_estimated)',
  prompt_tokens: 'sum(prompt_tokens)',
  completion_tokens: 'sum(completion_tokens)',
};
const columnOf: Record<UsageGroup, string> = { key: 'principal_id', user: 'user_id', model: 'model', engine: 'engine', purpose: 'purpose' };

/** An INSERT that adds runs to the accounts of their hours and days. @param source what to select runs from; has the columns of engine_runs */
export function addToUsageSql(rollups: string, source: string): string {
  // Rows are locked in the order of their key: processes that count at the same time never wait in a circle.
  return `
    INSERT INTO ${rollups} AS rollup (${key}, ${Object.keys(sums).join(', ')}, cost)
    SELECT grain, date_trunc(grain, run.at, 'UTC') AS hour_or_day, coalesce(principal_id, ''), coalesce(user_id, ''), engine, model, purpose, ${Object.values(sums).join(', ')}, sum(cost)
    FROM ${source} AS run CROSS JOIN (VALUES ('hour'), ('day')) AS grains (grain)
    GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7
    ON CONFLICT (${key}) DO UPDATE SET
      ${Object.keys(sums).map((column) => `${column} = rollup.${column} + excluded.${column}`).join(', ')},
      cost = CASE WHEN rollup.cost IS NULL THEN excluded.cost ELSE rollup.cost + coalesce(excluded.cost, 0) END`;
}

/**
 * One page of what a window holds, by one of the columns of the key, and in each row how many there are in all; a page beyond the last is one row whose name is null.
 * @param window begins and ends where an hour does; limit and offset are the parameters after `values`
 */
export function usageSql(group: UsageGroup, window: { from: Date; to: Date }): { text: (sql: SchemaSql) => string; values: Date[] } {
  const segments = segmentsOf(window);
  const values = segments.flatMap(({ from, to }) => [from, to]);
  const cells = (rollups: string) => segments.map(({ grain }, place) => `SELECT * FROM ${rollups} WHERE grain = '${grain}' AND at >= $${2 * place + 1} AND at < $${2 * place + 2}`).join(' UNION ALL ');
  const text = (sql: SchemaSql) => `
    WITH grouped AS (
      SELECT ${columnOf[group]} AS name, ${Object.keys(sums).map((column) => `sum(${column})::float8 AS ${column}`).join(', ')}, sum(cost) AS cost
      FROM (${cells(sql.table('usage_rollups'))}) AS cells GROUP BY 1
    )
    SELECT counted.total, name, runs, failed, estimated, prompt_tokens AS "promptTokens", completion_tokens AS "completionTokens", cost
    FROM (SELECT count(*)::int AS total FROM grouped) AS counted
    LEFT JOIN (SELECT * FROM grouped ORDER BY cost DESC NULLS LAST, prompt_tokens + completion_tokens DESC, name LIMIT $${values.length + 1} OFFSET $${values.length + 2}) AS page ON true`;
  return { text, values };
}
