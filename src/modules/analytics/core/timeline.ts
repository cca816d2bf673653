import { InvalidWindowError } from '../analytics.errors.js';
import { errorsOf, rate } from '../stats.figures.js';
import type { Interval, Measures, Metric, Point, TimeseriesRequest, Window } from '../stats.types.js';
import { GRAIN_MS, type Grain } from '../../../platform/statistics/grains.js';
import { MINUTES_KEPT_MS, minutesGone, resolveWindow, roundOutwards } from './stats-window.js';

/** Percentiles that every query gives, as fractions. */
export const PERCENTILES = { p50_ms: 0.5, p95_ms: 0.95, p99_ms: 0.99 } as const;

export type Percentile = keyof typeof PERCENTILES;

const MOST_POINTS = 2_000;

/** Intervals from fine to coarse, and the rows that they are made of. */
const INTERVALS: Record<Interval, { grain: Grain; ms: number }> = {
  minute: { grain: 'minute', ms: GRAIN_MS.minute },
  '5m': { grain: 'minute', ms: 5 * GRAIN_MS.minute },
  hour: { grain: 'hour', ms: GRAIN_MS.hour },
  day: { grain: 'day', ms: GRAIN_MS.day },
};

export interface Timeline {
  grain: Grain;
  stepMs: number;
  /** Begins and ends where intervals do. */
  window: Window;
}

/** @throws InvalidWindowError, also when it would be more than 2,000 points or needs minutes that are gone */
export function timelineOf(request: TimeseriesRequest, now: number): Timeline {
  const { grain, ms } = INTERVALS[request.interval];
  const scope = request.endpoint === undefined ? 'all' : 'endpoints';
  const asked = resolveWindow(request, scope, now, request.interval === 'day' ? 30 * GRAIN_MS.day : GRAIN_MS.day);
  const window = roundOutwards(asked, ms);
  const length = window.to.getTime() - window.from.getTime();
  if (length / ms > MOST_POINTS) {
    const wide = Object.entries(INTERVALS).find(([, interval]) => length / interval.ms < MOST_POINTS)?.[0] ?? 'day';
    throw new InvalidWindowError('interval', `makes more than ${MOST_POINTS} points of this window; use interval=${wide} or a shorter window`);
  }
  if (grain === 'minute' && minutesGone(window.from.getTime(), scope, now)) {
    const days = MINUTES_KEPT_MS[scope] / GRAIN_MS.day;
    throw new InvalidWindowError('interval', `is too fine: minutes are kept for ${days} days; use interval=hour or interval=day`);
  }
  return { grain, stepMs: ms, window };
}

/** One point for each interval of the timeline, whether anything happened in it or not. */
export function pointsOf(timeline: Timeline, metric: Metric, measured: ReadonlyMap<number, Measures>): Point[] {
  const points: Point[] = [];
  for (let at = timeline.window.from.getTime(); at < timeline.window.to.getTime(); at += timeline.stepMs) {
    points.push({ timestamp: new Date(at), value: valueOf(metric, measured.get(at)) });
  }
  return points;
}

const VALUES: Record<Metric, (measures: Measures) => number | null> = {
  requests: (measures) => measures.requests,
  errors: errorsOf,
  error_rate: (measures) => rate(errorsOf(measures), measures.requests),
  avg_duration_ms: (measures) => measures.avgMs,
  p50_ms: (measures) => measures.p50Ms,
  p95_ms: (measures) => measures.p95Ms,
  p99_ms: (measures) => measures.p99Ms,
  cache_hit_rate: (measures) => rate(measures.cacheHits, measures.cacheLookups),
};

function valueOf(metric: Metric, measures: Measures | undefined): number | null {
  if (measures) return VALUES[metric](measures);
  return metric === 'requests' || metric === 'errors' ? 0 : null;
}

/** What must be read from histograms for a metric. */
export function percentilesOf(metric: Metric): Percentile[] {
  return metric in PERCENTILES ? [metric as Percentile] : [];
}
