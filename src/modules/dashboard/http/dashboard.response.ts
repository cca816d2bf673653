import { z } from 'zod';
import { timestamp } from '../../../platform/http/schemas.js';
import type { DashboardSample, EngineActivity, RecentRequest, RequestFigures } from '../dashboard.types.js';

const fraction = z.number().min(0).max(1);
const milliseconds = z.number().nonnegative();
const perSecond = z.number().nonnegative().describe('Requests a second');
const hitRate = fraction.describe('Of the answers on cached routes; 0 while there are none');

const recentRequest = z.object({
  request_id: z.string().nullable(),
  endpoint: z.string().describe('Route pattern'),
  method: z.string(),
  status_code: z.int(),
  duration_ms: milliseconds,
  principal_id: z.string().nullable().describe('Who asked; null when nobody was recognised'),
  cache: z.string().nullable().describe('HIT, MISS or STALE on cached routes'),
  timestamp: timestamp.describe('Arrival'),
});

const summary = z.object({ total_requests: z.int(), error_count: z.int().describe('Answered with a status of 400 or above'), error_rate: fraction, qps: perSecond });

const statistics = z
  .object({
    summary,
    total_time: z.object({ avg: milliseconds, p50: milliseconds, p95: milliseconds, p99: milliseconds, max: milliseconds }).describe('Milliseconds; percentiles are within 5 %'),
    cache: z.object({ hit_rate: hitRate, hits: z.int(), lookups: z.int() }),
    last_minute: summary.extend({ p95: milliseconds }).describe('Of the running minute and the one before'),
  })
  .describe('Of the last 24 hours');

const engine = z.object({
  engine: z.string(),
  model: z.string(),
  runs: z.int(),
  failed: z.int(),
  avg_ms: milliseconds,
  p95_ms: milliseconds,
  first_token_p95_ms: milliseconds.nullable(),
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  cost: z.number().nullable().describe('By ENGINE_PRICES; null where no price is known'),
});

const system = z
  .object({
    memory_usage: fraction.describe('Of the memory that the process may have'),
    memory_bytes: z.int().describe('Resident'),
    heap_bytes: z.int(),
    cpu_usage: fraction.describe('Of all cores, since the last look'),
    cpu_cores: z.int(),
    event_loop_delay_ms: z.object({ p99: milliseconds, max: milliseconds }).nullable().describe('Since the last look; null at the first one'),
    uptime_seconds: z.number(),
  })
  .describe('The process that answers');

export const frameResponse = z
  .object({
    timestamp,
    recent_requests: z.array(recentRequest).describe('The newest 50, newest first'),
    statistics,
    engines: z.array(engine).describe('Of the last hour, the busiest first'),
    queues: z.array(z.object({ name: z.string(), waiting: z.int(), active: z.int() })),
    system,
  })
  .meta({
    id: 'DashboardFrame',
    example: {
      timestamp: '2026-11-21T10:00:00.000Z',
      recent_requests: [
        { request_id: '019aa4c5-8a52-7c3e-9f34-0242ac120002', endpoint: '/rag/search', method: 'GET', status_code: 200, duration_ms: 6.2, principal_id: '019aa4c5-8a52-7c3e-9f34-0242ac120003', cache: 'MISS', timestamp: '2026-11-21T09:59:59.400Z' },
      ],
      statistics: {
        summary: { total_requests: 1204, error_count: 12, error_rate: 0.00997, qps: 0.014 },
        total_time: { avg: 14.2, p50: 8.1, p95: 41.7, p99: 120.3, max: 812.5 },
        cache: { hit_rate: 0.73, hits: 467, lookups: 640 },
        last_minute: { total_requests: 9, error_count: 0, error_rate: 0, qps: 0.12, p95: 31.5 },
      },
      engines: [{ engine: 'chat', model: 'qwen3-8b', runs: 31, failed: 0, avg_ms: 812.5, p95_ms: 1_420.8, first_token_p95_ms: 140.2, prompt_tokens: 74_400, completion_tokens: 4_030, cost: 0.0124 }],
      queues: [{ name: 'documents', waiting: 3, active: 1 }],
      system: { memory_usage: 0.02, memory_bytes: 168_820_736, heap_bytes: 71_303_168, cpu_usage: 0.04, cpu_cores: 4, event_loop_delay_ms: { p99: 1.2, max: 4.8 }, uptime_seconds: 86_400.5 },
    },
  });

export type FrameResponse = z.infer<typeof frameResponse>;

export function toFrameResponse({ at, requests: { day, now, recent }, engines, queues, system: process }: DashboardSample): FrameResponse {
  const delay = process.eventLoopDelay;
  return {
    timestamp: at.toISOString(),
    recent_requests: recent.map(toRecentRequest),
    statistics: {
      summary: toSummary(day),
      total_time: { avg: day.avgMs ?? 0, p50: day.p50Ms ?? 0, p95: day.p95Ms ?? 0, p99: day.p99Ms ?? 0, max: day.maxMs ?? 0 },
      cache: { hit_rate: rate(day.cacheHits, day.cacheLookups), hits: day.cacheHits, lookups: day.cacheLookups },
      last_minute: { ...toSummary(now), p95: now.p95Ms ?? 0 },
    },
    engines: engines.map(toEngine),
    queues,
    system: {
      memory_usage: process.memoryUsage,
      memory_bytes: process.memoryBytes,
      heap_bytes: process.heapBytes,
      cpu_usage: process.cpuUsage,
      cpu_cores: process.cores,
      event_loop_delay_ms: delay && { p99: delay.p99Ms, max: delay.maxMs },
      uptime_seconds: process.uptimeSeconds,
    },
  };
}

function toSummary({ requests, errors, perSecond: qps }: RequestFigures): z.infer<typeof summary> {
  return { total_requests: requests, error_count: errors, error_rate: rate(errors, requests), qps };
}

function toRecentRequest({ requestId, endpoint, method, statusCode, durationMs, principalId, cache, at }: RecentRequest): z.infer<typeof recentRequest> {
  return { request_id: requestId, endpoint, method, status_code: statusCode, duration_ms: durationMs, principal_id: principalId, cache, timestamp: at.toISOString() };
}

function toEngine({ averageMs, p95Ms, firstTokenP95Ms, promptTokens, completionTokens, ...row }: EngineActivity): z.infer<typeof engine> {
  const { engine: name, model, runs, failed, cost } = row;
  return { engine: name, model, runs, failed, avg_ms: averageMs, p95_ms: p95Ms, first_token_p95_ms: firstTokenP95Ms, prompt_tokens: promptTokens, completion_tokens: completionTokens, cost };
}

function rate(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
