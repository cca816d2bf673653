import { z } from 'zod';
import { timestamp, uuid } from '../../../platform/http/schemas.js';
import type { EngineFigures, EngineRun } from '../engine-run.types.js';

const ms = z.number();
const tokens = { prompt_tokens: z.int(), completion_tokens: z.int() };
const cost = z.number().nullable().describe('By ENGINE_PRICES; null where no price is known');

const figures = z.object({
  engine: z.string(),
  model: z.string(),
  runs: z.int(),
  failed: z.int(),
  avg_ms: ms,
  p50_ms: ms,
  p95_ms: ms,
  first_token_p95_ms: ms.nullable(),
  avg_retrieval_ms: ms.nullable(),
  avg_memory_ms: ms.nullable().describe('Finding memories; part of the generation'),
  avg_generation_ms: ms,
  ...tokens,
  cost,
});

const run = z.object({
  id: uuid,
  engine: z.string(),
  model: z.string(),
  engine_reason: z.enum(['requested', 'tenant', 'default', 'failover']),
  status: z.enum(['ok', 'cancelled', 'failed']),
  total_ms: ms,
  retrieval_ms: ms.nullable(),
  first_token_ms: ms.nullable(),
  memory_ms: ms.nullable(),
  generation_ms: ms,
  ...tokens,
  tokens_estimated: z.boolean().describe('The engine did not tell: counted from the texts'),
  cost,
  at: timestamp,
});

const timing = { prompt_tokens: 2400, completion_tokens: 130, cost: 0.0004 };

export const performanceResponse = z.object({ window: z.string(), engines: z.array(figures), recent: z.array(run).describe('Newest first') }).meta({
  id: 'EnginePerformance',
  example: {
    window: '24h',
    engines: [{ engine: 'chat', model: 'qwen3-8b', runs: 1, failed: 0, avg_ms: 812.5, p50_ms: 812.5, p95_ms: 812.5, first_token_p95_ms: 140.2, avg_retrieval_ms: 4.1, avg_memory_ms: 1.9, avg_generation_ms: 808.4, ...timing }],
    recent: [{ id: '019aa4c5-8a52-7c3e-9f34-0242ac120002', engine: 'chat', model: 'qwen3-8b', engine_reason: 'default', status: 'ok', total_ms: 812.5, retrieval_ms: 4.1, first_token_ms: 140.2, memory_ms: 1.9, generation_ms: 808.4, ...timing, tokens_estimated: false, at: '2026-11-21T10:00:00.000Z' }],
  },
});

export function toPerformanceResponse(window: string, { engines, recent }: { engines: EngineFigures[]; recent: EngineRun[] }): z.infer<typeof performanceResponse> {
  return { window, engines: engines.map(toFigures), recent: recent.map(toRun) };
}

function toFigures(row: EngineFigures): z.infer<typeof figures> {
  const { engine, model, runs, failed, averageMs, p50Ms, p95Ms, firstTokenP95Ms, retrievalMs, memoryMs, generationMs, promptTokens, completionTokens } = row;
  const times = { avg_ms: averageMs, p50_ms: p50Ms, p95_ms: p95Ms, first_token_p95_ms: firstTokenP95Ms, avg_retrieval_ms: retrievalMs, avg_memory_ms: memoryMs, avg_generation_ms: generationMs };
  return { engine, model, runs, failed, ...times, prompt_tokens: promptTokens, completion_tokens: completionTokens, cost: row.cost };
}

function toRun(row: EngineRun): z.infer<typeof run> {
  const { id, engine, model, reason, status, totalMs, retrievalMs, firstTokenMs, memoryMs, generationMs, promptTokens, completionTokens, tokensEstimated } = row;
  const times = { total_ms: totalMs, retrieval_ms: retrievalMs, first_token_ms: firstTokenMs, memory_ms: memoryMs, generation_ms: generationMs };
  return { id, engine, model, engine_reason: reason, status, ...times, prompt_tokens: promptTokens, completion_tokens: completionTokens, tokens_estimated: tokensEstimated, cost: row.cost, at: row.at.toISOString() };
}
