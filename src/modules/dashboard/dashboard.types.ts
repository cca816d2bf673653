/** Figures of some requests. Times are milliseconds; null where there was nothing to measure. */
export interface RequestFigures {
  requests: number;
  errors: number;
  /** Requests a second over the part of the window that has passed. */
  perSecond: number;
  avgMs: number | null;
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
  maxMs: number | null;
  cacheHits: number;
  cacheLookups: number;
}

/** One request that has been answered. */
export interface RecentRequest {
  requestId: string | null;
  /** Route pattern. */
  endpoint: string;
  method: string;
  statusCode: number;
  durationMs: number;
  /** Who asked; null: nobody was recognised. */
  principalId: string | null;
  cache: string | null;
  /** Arrival. */
  at: Date;
}

export interface RequestActivity {
  /** Of the last 24 hours. */
  day: RequestFigures;
  /** Of the running minute and the one before. */
  now: RequestFigures;
  /** The newest first. */
  recent: RecentRequest[];
}

/** What an engine did with one model in the last hour. */
export interface EngineActivity {
  engine: string;
  model: string;
  runs: number;
  failed: number;
  averageMs: number;
  p95Ms: number;
  firstTokenP95Ms: number | null;
  promptTokens: number;
  completionTokens: number;
  /** Null: no price is known. */
  cost: number | null;
}

export interface QueueLength {
  name: string;
  waiting: number;
  active: number;
}

/** What the dashboard shows; the features that know it provide it. Each is asked in the tenant whose dashboard it is, and tells of all processes. */
export interface DashboardParts {
  requests: RequestActivity;
  engines: EngineActivity[];
  queues: QueueLength[];
}

/** How this process does. */
export interface ProcessFigures {
  /** Resident memory, as a share of what the process may have, and in bytes. */
  memoryUsage: number;
  memoryBytes: number;
  heapBytes: number;
  /** Processor time since the last look, as a share of all cores. */
  cpuUsage: number;
  cores: number;
  /** How late the event loop was since the last look, milliseconds; null at the first one. */
  eventLoopDelay: { p99Ms: number; maxMs: number } | null;
  uptimeSeconds: number;
}

/** Everything of one moment. */
export interface DashboardSample extends DashboardParts {
  at: Date;
  system: ProcessFigures;
}
