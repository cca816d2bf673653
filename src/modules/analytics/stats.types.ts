/** `to` is exclusive. */
export interface Window {
  from: Date;
  to: Date;
}

export interface WindowRequest {
  from?: Date | undefined;
  /** Now when absent. */
  to?: Date | undefined;
  /** Instead of `from`: a number and m, h or d. */
  window?: string | undefined;
}

/** What was measured over some requests. Times are milliseconds; null where there was nothing to measure. */
export interface Measures {
  requests: number;
  /** Statuses 400 to 499. */
  clientErrors: number;
  /** Statuses 500 and above. */
  serverErrors: number;
  avgMs: number | null;
  maxMs: number | null;
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
  /** Responses that came from a cache, and those of routes that have one. */
  cacheHits: number;
  cacheLookups: number;
}

export interface Overview extends Measures {
  /** Rounded outwards to what is kept: minutes, or hours for windows that begin long ago. */
  window: Window;
  /** Requests of this moment that are not answered, or not stored yet; not part of `requests`. */
  unfinished: number;
  /** Requests a second over the part of the window that has passed. */
  qps: number;
  /** Requests lost by this process since it started because the buffer was full. */
  dropped: number;
}

export const metrics = ['requests', 'errors', 'error_rate', 'avg_duration_ms', 'p50_ms', 'p95_ms', 'p99_ms', 'cache_hit_rate'] as const;
export type Metric = (typeof metrics)[number];

export const intervals = ['minute', '5m', 'hour', 'day'] as const;
export type Interval = (typeof intervals)[number];

export interface TimeseriesRequest extends WindowRequest {
  metric: Metric;
  interval: Interval;
  /** Only requests of this route pattern. */
  endpoint?: string | undefined;
}

export interface Point {
  /** Begin of the interval, UTC. */
  timestamp: Date;
  /** 0 for counts of nothing, null for averages and rates of nothing. */
  value: number | null;
}

export const endpointSorts = ['requests', 'errors', 'p95_ms', 'avg_duration_ms'] as const;
export type EndpointSort = (typeof endpointSorts)[number];

export interface EndpointsRequest extends WindowRequest {
  sort: EndpointSort;
  /** From 1. */
  page: number;
  pageSize: number;
}

export interface EndpointMeasures extends Measures {
  /** Route pattern. */
  endpoint: string;
  method: string;
}
