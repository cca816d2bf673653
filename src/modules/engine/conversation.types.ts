import type { AnswerRecord } from './answer-record.js';

export interface ConversationView {
  id: string;
  title: string | null;
  messageCount: number;
  createdAt: Date;
  updatedAt: Date;
}

export interface MessageView {
  id: string;
  role: string;
  content: string;
  /** Of an answer; empty otherwise. */
  metadata: AnswerRecord;
  createdAt: Date;
}

export interface NewMessage {
  id: string;
  role: 'user' | 'assistant';
  content: string;
  metadata?: AnswerRecord;
}

/** An answer with the question before it. */
export interface JudgedAnswer extends MessageView {
  question: string | null;
}

/** What somebody thinks of an answer. */
export interface NewFeedback {
  rating: 'up' | 'down';
  comment: string | undefined;
  /** What the answer was made from, as far as it is still known. */
  context: FeedbackContext;
}

export interface FeedbackContext extends Omit<AnswerRecord, 'retrieved' | 'personality'> {
  retrieved?: (NonNullable<AnswerRecord['retrieved']>[number] & { text?: string | null })[];
  personality?: JudgedPersonality | null;
}

/** With its words, unless they were changed between answer and judgement. */
export type JudgedPersonality = NonNullable<AnswerRecord['personality']> & Partial<{ system_prompt: string; tone: string | null; model: string | null; temperature: number | null; tools: string[] | null }>;

export interface FeedbackView {
  id: string;
  messageId: string;
  /** The principal who judged. */
  userId: string;
  rating: 'up' | 'down';
  comment: string | null;
  context: FeedbackContext & { question: string | null; answer: string };
  createdAt: Date;
}

export interface FeedbackFilter {
  rating?: 'up' | 'down' | undefined;
  from?: Date | undefined;
  /** Exclusive. */
  to?: Date | undefined;
}
