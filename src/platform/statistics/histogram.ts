/**
 * Durations are counted in logarithmic buckets: bucket 0 holds all up to `SHORTEST_MS`, bucket k > 0 those in
 * (SHORTEST_MS · GROWTH^(k-1), SHORTEST_MS · GROWTH^k]. Histograms of any two stretches of time add up, so percentiles of any
 * window come from its roll-ups. A percentile read from its bucket is off by at most GROWTH - 1 = 5 % of the exact
 * nearest-rank value, usually by less than 1 %, as the place inside of the bucket is interpolated.
 *
 * A row of a roll-up keeps a histogram as two arrays: the buckets that are not empty, ascending, and how many fell into each.
 */
const SHORTEST_MS = 0.01;
const GROWTH = 1.05;

/** The bucket of a duration. @param duration an SQL expression, milliseconds */
export function bucketSql(duration: string): string {
  return `ceil(ln(greatest(${duration}, ${SHORTEST_MS}) / ${SHORTEST_MS}) / ln(${GROWTH}::float8))::smallint`;
}

/** Both arrays of the sum of two histograms, where `rollup` is the row that is there and `excluded` the one that is added. */
export function mergedHistogramSql(buckets: string, counts: string): string {
  return `
    SELECT coalesce(array_agg(bucket ORDER BY bucket), '{}'), coalesce(array_agg(n ORDER BY bucket), '{}')
    FROM (
      SELECT bucket, sum(n)::int AS n
      FROM (
        SELECT * FROM unnest(rollup.${buckets}, rollup.${counts})
        UNION ALL
        SELECT * FROM unnest(excluded.${buckets}, excluded.${counts})
      ) AS both_histograms (bucket, n)
      GROUP BY bucket
    ) AS merged`;
}

/**
 * Ranks the buckets of added histograms, for percentileSql().
 * @param histogram what to select them from: `keys`, bucket, n
 */
export function rankedSql(keys: string, histogram: string): string {
  return `
    SELECT ${keys}, bucket, n, sum(n) OVER (PARTITION BY ${keys} ORDER BY bucket) - n AS below, sum(n) OVER (PARTITION BY ${keys}) AS total
    FROM ${histogram}`;
}

/** An aggregate over the rows of rankedSql(): the place of the wanted rank inside of the one bucket that holds it, on the logarithmic scale. */
export function percentileSql(fraction: number): string {
  const rank = `ceil(${fraction} * total)`;
  const value = `${SHORTEST_MS} * power(${GROWTH}::float8, bucket - 1 + (${rank} - below - 0.5) / n)`;
  return `max(${value}) FILTER (WHERE below < ${rank} AND ${rank} <= below + n)`;
}
