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
  usage?: EngineUsage;
}

/** One attempt of an engine at an answer, as it is kept. */
export interface EngineRun extends Omit<FinishedRun, 'text' | 'usage'> {
  id: string;
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
