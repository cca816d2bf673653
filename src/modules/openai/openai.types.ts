import type { CallerTools, DocumentScope, EngineUsage, MemoryUse, SamplingParams, ToolCall } from '../engine/engine.types.js';
import type { Citation } from '../rag/smart-qa.types.js';

/** What a client can name as `model`. */
export interface ChatModel {
  id: string;
  /** For people. */
  name: string;
  createdAt: Date;
  /** Id of the only collection that it answers from; all of them when absent. */
  collection?: string;
  /** The engine that answers; the tenant's current one when absent. */
  engine?: string;
}

/** One part of a message; only `text` parts hold something that can be answered. */
export interface ContentPart {
  type: string;
  text?: string;
}

export interface RequestMessage {
  role: 'system' | 'developer' | 'user' | 'assistant' | 'tool' | 'function';
  content?: string | ContentPart[] | null;
  tool_calls?: { id: string; function: { name: string; arguments: string } }[] | null;
  tool_call_id?: string;
}

export interface CompletionRequest {
  model: string;
  messages: RequestMessage[];
  /** False: one event with the whole answer. */
  stream: boolean;
  sampling: SamplingParams;
  callerTools?: CallerTools;
  /** Whom the caller serves, as it says or as Open WebUI signed it: his memories are used. Nobody's when absent. */
  userId?: string;
  /** Answered from these documents alone. */
  documents?: DocumentScope;
  /** What Open WebUI calls the job, when it is one of its own and no question of a person. */
  task?: string;
  signal: AbortSignal;
}

/** A citation where it stands in the answer, and the address its document came from. */
export interface PlacedCitation extends Citation {
  /** First and one past the last UTF-16 unit of its marker in the answer. */
  markerStart: number;
  markerEnd: number;
  sourceUrl: string | undefined;
}

export interface Completion {
  text: string;
  citations: PlacedCitation[];
  finishReason: 'stop' | 'length' | 'tool_calls';
  /** Not empty exactly when it ends for them. */
  toolCalls: ToolCall[];
  usage: EngineUsage;
  memory?: MemoryUse;
}

export type CompletionEvent =
  | { type: 'delta'; text: string }
  | { type: 'reasoning'; text: string }
  | { type: 'tool_call'; call: ToolCall }
  | { type: 'done'; completion: Completion };
