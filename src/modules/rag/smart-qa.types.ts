import type { Quality } from '#libs/answering';
import type { CallerTools, ChatMessage, DocumentScope, EngineProgress, EngineReason, EngineUsage, FinishReason, MemoryUse, SamplingParams, ToolCall, ToolRun } from '../engine/engine.types.js';

export interface Question {
  query: string;
  conversationId?: string;
  /** The turns before, of a caller who keeps the conversation himself: then nothing of it is kept here. Not beside `conversationId`. */
  history?: ChatMessage[];
  /** What followed the question already: the caller's tools that the model called, and what they said. */
  followed?: ChatMessage[];
  callerTools?: CallerTools;
  sampling?: SamplingParams;
  /** Whose memories are used and added to; of the principal unless told, nobody's beside a `history`. */
  memory?: { userId: string };
  /** Answered from these documents alone. */
  documents?: DocumentScope;
  engine?: string;
  personalityId?: string;
  topK: number;
  stream: boolean;
  signal?: AbortSignal;
}

/** Offsets are into the document's content; `quote` is exactly that slice. */
export interface Citation {
  index: number;
  documentId: string;
  chunkId: string;
  title: string;
  page: number | null;
  start: number;
  end: number;
  quote: string;
  score: number;
}

export interface CitedAnswer {
  answer: string;
  /** What a stream has told, where the check of its citations has corrected it in `answer`. */
  told?: string;
  citations: Citation[];
  quality: Quality;
  refused: boolean;
  finishReason: FinishReason;
  usage?: EngineUsage;
  toolCalls?: ToolCall[];
  toolRuns?: ToolRun[];
  memory?: MemoryUse;
  conversationId: string;
  questionId: string;
  messageId: string;
  engine: string;
  engineReason: EngineReason;
  model: string;
  tookMs: number;
}

export type AnswerEvent =
  | EngineProgress
  | { type: 'citation'; citation: Citation }
  | { type: 'quality'; quality: Quality }
  | { type: 'done'; answer: CitedAnswer };
