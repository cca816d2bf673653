/**
 * Durations are counted in logarithmic buckets: bucket 0 holds all up to `SHORTEST_MS`, bucket k > 0 those in
 * (SHORTEST_MS · GROWTH^(k-1), SHORTEST_MS · GROWTH^k]. Histograms of any two stretches of time add up, so percentiles of any
 * window come from its roll-ups. A percentile read from its bucket is off by at most GROWTH - 1 = 5 % of the exact
 * nearest-rank value, usually by less than 1 %, as the place inside of the bucket is interpolated.
 */
export const SHORTEST_MS = 0.01;
export const GROWTH = 1.05;

/** Percentiles that every query gives, as fractions. */
export const PERCENTILES = { p50_ms: 0.5, p95_ms: 0.95, p99_ms: 0.99 } as const;

export type Percentile = keyof typeof PERCENTILES;
