import type { Quality } from '#libs/answering';
import type { ChatMessage, EngineReason, EngineUsage, FinishReason } from '../engine/engine.types.js';

export interface Question {
  query: string;
  conversationId?: string;
  /** The turns before, of a caller who keeps the conversation himself: then nothing of it is kept here. Not beside `conversationId`. */
  history?: ChatMessage[];
  collection?: string;
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
  citations: Citation[];
  quality: Quality;
  refused: boolean;
  finishReason: FinishReason;
  usage?: EngineUsage;
  conversationId: string;
  questionId: string;
  messageId: string;
  engine: string;
  engineReason: EngineReason;
  model: string;
  tookMs: number;
}

export type AnswerEvent =
  | { type: 'delta'; text: string }
  | { type: 'citation'; citation: Citation }
  | { type: 'quality'; quality: Quality }
  | { type: 'done'; answer: CitedAnswer };
