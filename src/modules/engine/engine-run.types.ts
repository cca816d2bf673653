import type { ModelCalled } from '#libs/contracts';
import type { EngineReason, EngineUsage } from './engine.types.js';

/** What the router saw of one attempt. */
export interface FinishedRun {
  engine: string;
  model: string;
  reason: EngineReason;
  status: 'ok' | 'cancelled' | 'failed';
  firstTokenMs: number | null;
  /** Part of the generation; null when no memories were asked for. */
  memoryMs: number | null;
  generationMs: number;
  text: string;
  /** It said something, if only that a tool ran. */
  told: boolean;
  usage?: EngineUsage;
}

/** What a model was used for: an answer, or work in the background that no engine does. */
export type RunPurpose = 'answer' | ModelCalled['purpose'];

/** One attempt of an engine at an answer, or one call of the model in the background (then the engine is ''), as it is kept. */
export interface EngineRun extends Omit<FinishedRun, 'text' | 'told' | 'usage'> {
  id: string;
  purpose: RunPurpose;
  /** Who asked, whom that principal serves, and in which request; null where nobody knows. */
  principalId: string | null;
  userId: string | null;
  requestId: string | null;
  /** Retrieval and generation. */
  totalMs: number;
  retrievalMs: number | null;
  promptTokens: number;
  completionTokens: number;
  tokensEstimated: boolean;
  /** Null: no price is known for the model. */
  cost: number | null;
  at: Date;
}

export interface EngineFigures {
  engine: string;
  model: string;
  runs: number;
  failed: number;
  averageMs: number;
  p50Ms: number;
  p95Ms: number;
  firstTokenP95Ms: number | null;
  retrievalMs: number | null;
  memoryMs: number | null;
  generationMs: number;
  promptTokens: number;
  completionTokens: number;
  cost: number | null;
}

/** By model: what a million tokens cost, in any one currency. */
export type EnginePrices = Readonly<Record<string, { prompt: number; completion: number }>>;

/** Windows that begin earlier are of whole days (UTC). */
export const usageHoursKeptDays = 35;

export const usageGroups = ['key', 'user', 'model', 'engine', 'purpose'] as const;
export type UsageGroup = (typeof usageGroups)[number];

export interface UsageRequest {
  groupBy: UsageGroup;
  /** Begins and ends where an hour does. */
  window: { from: Date; to: Date };
  page: number;
  pageSize: number;
}

/** What models were used for by one key, user, model, engine or purpose. */
export interface UsageFigures {
  /** Id or name; '': none is known. */
  name: string;
  runs: number;
  failed: number;
  /** Of the runs: those whose tokens were counted here, because the server did not tell. */
  estimated: number;
  promptTokens: number;
  completionTokens: number;
  /** Null: no price is known for any of the runs. */
  cost: number | null;
}
