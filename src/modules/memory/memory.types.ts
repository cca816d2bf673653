import type { Message } from '#libs/memory';

export type { Message };

/**
 * Whose memories: those of a principal, and of one whom the principal names. Two principals never meet, whatever ids they give.
 * An id that is undefined stands for none when something is added, and for any when something is looked for.
 */
export interface MemoryScope {
  /** The principal: the only part that says who may see them. */
  ownerId: string;
  /** Somebody whom the principal serves; '' for the principal itself. */
  userId?: string;
  agentId?: string;
  appId?: string;
  runId?: string;
}

export interface MemoryView {
  id: string;
  text: string;
  userId: string;
  agentId: string;
  appId: string;
  runId: string;
  hash: string;
  metadata: Record<string, unknown>;
  createdAt: Date;
  updatedAt: Date;
  expiresAt: Date | null;
}

export interface FoundMemory extends MemoryView {
  /** 0 to 1; comparable within one search only. */
  score: number;
}

export interface MemoryAnswer {
  items: FoundMemory[];
  /** The budget ran out: what is missing (all, or what only vectors would find) was not waited for. */
  timedOut: boolean;
}

export interface MemoryChange {
  id: string;
  text: string;
  event: 'ADD' | 'UPDATE' | 'DELETE';
  /** Of an UPDATE: the text before. */
  oldText?: string;
}

export interface MemoryHistoryView {
  id: string;
  event: 'ADD' | 'UPDATE' | 'DELETE';
  oldText: string | null;
  newText: string | null;
  createdAt: Date;
}

export interface RememberOptions {
  metadata?: Record<string, unknown>;
  expiresAt?: Date;
  /** False: each message is kept as it is, the assistant's too, instead of the facts that the user tells. */
  infer?: boolean;
}

export interface MemorySearch {
  query: string;
  /** At most 1,000; 10 unless told. */
  limit?: number;
  /** Least score; 0 unless told. */
  threshold?: number;
  /** Metadata that must be there, as jsonb containment of the top level: equal values only. */
  metadata?: Record<string, unknown>;
  /** Longest wait in milliseconds; 300 unless told. */
  budgetMs?: number;
}

export interface MemoryUpdate {
  text?: string;
  metadata?: Record<string, unknown>;
  /** Null: never. */
  expiresAt?: Date | null;
}

/** Somebody or something that an owner has memories of. */
export interface MemoryEntity {
  type: string;
  name: string;
  memories: number;
  createdAt: Date;
  updatedAt: Date;
}
