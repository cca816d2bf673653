import type { Citation } from '../rag/smart-qa.types.js';

/** What a client can name as `model`. */
export interface ChatModel {
  id: string;
  /** For people. */
  name: string;
  createdAt: Date;
  /** Id of the only collection that it answers from; all of them when absent. */
  collection?: string;
}

/** One part of a message; only `text` parts hold something that can be answered. */
export interface ContentPart {
  type: string;
  text?: string;
}

export interface RequestMessage {
  role: 'system' | 'developer' | 'user' | 'assistant' | 'tool' | 'function';
  content?: string | ContentPart[] | null;
}

export interface CompletionRequest {
  model: string;
  messages: RequestMessage[];
  /** False: one event with the whole answer. */
  stream: boolean;
  /** Strings before which the answer ends. */
  stop: string[];
  /** Estimated tokens after which it ends. */
  maxTokens?: number;
  /** What Open WebUI calls the job, when it is one of its own and no question of a person. */
  task?: string;
  signal: AbortSignal;
}

export interface CompletionUsage {
  promptTokens: number;
  completionTokens: number;
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
  finishReason: 'stop' | 'length';
  usage: CompletionUsage;
}

export type CompletionEvent = { type: 'delta'; text: string } | { type: 'done'; completion: Completion };
