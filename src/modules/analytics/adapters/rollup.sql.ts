import type { Grain } from '../../../platform/statistics/grains.js';
import { bucketSql, mergedHistogramSql } from '../../../platform/statistics/histogram.js';

const KEY = 'grain, endpoint, method, status_class, at';

/**
 * An INSERT that adds requests to the roll-ups of their minutes, hours and days.
 * @param rollups qualified name of the table api_stats_rollups
 * @param source what to select requests from; has the columns of api_stats
 * @param grains fewer only where many requests are counted anew whose minutes are not kept
 */
export function addToRollupsSql(rollups: string, source: string, grains: readonly Grain[] = ['minute', 'hour', 'day']): string {
  // Grouping by minute first leaves little for the six rows (three grains, each by endpoint and over all) that a request counts in.
  // Rows are locked in the order of their key, so that processes which count at the same time wait for each other and never in a circle.
  return `
    INSERT INTO ${rollups} AS rollup (${KEY}, requests, duration_sum, duration_max, cache_hits, cache_lookups, buckets, bucket_counts)
    SELECT ${KEY}, sum(n), sum(duration_sum), max(duration_max), sum(hits), sum(lookups),
      array_agg(bucket ORDER BY bucket), array_agg(n ORDER BY bucket)
    FROM (
      SELECT grain, scope.endpoint, scope.method, status_class, date_trunc(grain, minute, 'UTC') AS at, bucket,
        sum(n)::int AS n, sum(duration_sum) AS duration_sum, max(duration_max) AS duration_max, sum(hits) AS hits, sum(lookups) AS lookups
      FROM (
        SELECT endpoint, method, (status_code / 100)::smallint AS status_class, date_trunc('minute', "timestamp", 'UTC') AS minute, ${bucketSql('duration')} AS bucket,
          count(*) AS n, sum(duration) AS duration_sum, max(duration) AS duration_max,
          count(*) FILTER (WHERE cache IN ('HIT', 'STALE')) AS hits, count(cache) AS lookups
        FROM ${source}
        GROUP BY 1, 2, 3, 4, 5
      ) AS minutes
      CROSS JOIN (VALUES ${grains.map((grain) => `('${grain}')`).join(', ')}) AS grains (grain)
      CROSS JOIN LATERAL (VALUES (endpoint, method), ('', '')) AS scope (endpoint, method)
      GROUP BY 1, 2, 3, 4, 5, 6
    ) AS cells
    GROUP BY ${KEY}
    ORDER BY ${KEY}
    ON CONFLICT (${KEY}) DO UPDATE SET
      requests = rollup.requests + excluded.requests,
      duration_sum = rollup.duration_sum + excluded.duration_sum,
      duration_max = greatest(rollup.duration_max, excluded.duration_max),
      cache_hits = rollup.cache_hits + excluded.cache_hits,
      cache_lookups = rollup.cache_lookups + excluded.cache_lookups,
      (buckets, bucket_counts) = (${mergedHistogramSql('buckets', 'bucket_counts')})`;
}
