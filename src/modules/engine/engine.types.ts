import type { Passage, Quality, Rarity } from '#libs/answering';
import type { ChatMessage, ModelUsage, SamplingParams, ToolCall, ToolChoice, ToolDefinition } from '../../platform/language-model/language-model.types.js';
import type { CircuitState } from './core/circuit-breaker.js';

export type { ChatMessage, SamplingParams, ToolCall, ToolDefinition };

/** Tools that the caller runs: the answer asks for them with `finishReason: 'tool_calls'`. */
export interface CallerTools {
  definitions: ToolDefinition[];
  choice: ToolChoice;
  parallel?: boolean;
}

/** Documents that an answer may draw on: those of the collections, and of them those whose metadata meets the filter. What is absent limits nothing. */
export interface DocumentScope {
  /** By name or id. */
  collections?: string[];
  filter?: Record<string, unknown>;
}

/** What retrieval found for the question. */
export interface EngineContext {
  /** The question as searched: follow-ups are resolved. */
  query: string;
  passages: Passage[];
  documents?: DocumentScope;
  /** Rarity of a term in the tenant's documents; unknown terms are the rarest. */
  rarity: Rarity;
}

export interface EngineOptions {
  conversationId?: string;
  personalityId?: string;
  /** False: the engine's own tools are not offered to the model. Only engines with a language model use any. */
  useTools?: boolean;
  callerTools?: CallerTools;
  sampling?: SamplingParams;
  /** Whose memories are used and added to: somebody whom the principal serves, '' for the principal. Absent: no memory. */
  memory?: { userId: string };
  /** Whom the principal serves, for the accounts; of `memory` when absent. */
  userId?: string;
  /** False: one text event at the end instead of many. */
  stream?: boolean;
  context?: EngineContext;
  /** How long finding the context took; for the figures. */
  retrievalMs?: number;
  signal?: AbortSignal;
}

/** A stretch of a passage that the answer stands on; offsets are into the passage's text. */
export interface EngineCitation {
  /** The `[n]` in the answer. */
  index: number;
  passage: Passage['id'];
  start: number;
  end: number;
  quote: string;
  score: number;
}

/** Over all that was written for an answer. */
export type EngineUsage = ModelUsage;

/** The whole answer; always the last event of a response that did not throw. */
export interface EngineAnswer {
  text: string;
  /** What a stream has told, where the check of its citations has corrected it in `text`. */
  told?: string;
  citations: EngineCitation[];
  quality: Quality;
  /** The documents do not answer the question, and the engine says so. */
  refused: boolean;
  finishReason: FinishReason;
  usage?: EngineUsage;
  /** The model that wrote, when it is not the engine's own. */
  model?: string;
  /** What the caller is asked to run; not empty exactly when the answer ends for `tool_calls`. */
  toolCalls?: ToolCall[];
  /** The engine's own tools that ran for this answer. */
  toolRuns?: ToolRun[];
  memory?: MemoryUse;
}

export type FinishReason = 'stop' | 'length' | 'cancelled' | 'tool_calls';

export interface ToolRun {
  name: string;
  ok: boolean;
  tookMs: number;
}

/** What memory gave to an answer. */
export interface MemoryUse {
  found: number;
  /** Why the answer was made without (all of) it: the budget ran out, or the store did not answer. */
  missed?: 'timeout' | 'failed';
  tookMs: number;
}

/** What is told before an answer is whole. */
export type EngineProgress =
  | { type: 'delta'; text: string }
  /** The model thinks aloud; no part of the answer. */
  | { type: 'reasoning'; text: string }
  | { type: 'tool_call'; call: ToolCall }
  | { type: 'tool_run'; run: ToolRun };

export type EngineEvent = EngineProgress | { type: 'done'; answer: EngineAnswer };

export interface EngineInfo {
  name: string;
  /** The model that writes: `extractive`, or the name of the language model. */
  model: string;
  capabilities: { streaming: boolean; tools: boolean; memory: boolean };
}

export interface EngineHealth {
  healthy: boolean;
  detail?: string;
  /** Unhealthy, but what is missing it can do without: it answers, and nobody stands in for it. */
  degraded?: boolean;
}

/** Why an engine answered: the request named it, the tenant chose it, nobody chose, or the one that should have is down. */
export type EngineReason = 'requested' | 'tenant' | 'default' | 'failover';

/** An answer with who made it. */
export interface RoutedAnswer extends EngineAnswer {
  engine: string;
  model: string;
  engineReason: EngineReason;
}

export type RoutedEvent = EngineProgress | { type: 'done'; answer: RoutedAnswer };

export interface CurrentEngine {
  name: string;
  /** `tenant`: by a switch; `default`: the first one of the installation. */
  source: 'tenant' | 'default';
}

/** Health as asked, and the circuit on this process: `open` means that others answer in its place. */
export interface EngineState extends EngineHealth {
  circuit: CircuitState;
}

export interface EngineView extends EngineInfo {
  current: boolean;
  state: EngineState;
}
