import type { Message } from '#libs/memory';
import type { MemoryScope } from './memory.types.js';

/** Whose turn: agents, apps and runs have no conversations. */
export type TurnScope = Required<Pick<MemoryScope, 'ownerId' | 'userId'>>;

/** A turn that was accepted and is learnt from now. */
export interface QueuedTurn {
  /** The same on each attempt: what is done outside of our database is marked with it. */
  id: string;
  scope: TurnScope;
  turn: Message[];
  /** This attempt, from 1. */
  attempt: number;
  acceptedAt: Date;
}

/**
 * Learns from a turn in its tenant's context. What takes long is done at once, under the signal; what is written to our own tables is
 * returned as a function, which runs in the transaction that takes the turn off the queue: both happen, or neither.
 * @throws an AppError of the kind `invalid` when another attempt would end the same
 */
export type TurnHandler = (turn: QueuedTurn, signal: AbortSignal) => Promise<() => Promise<void>>;

/** A turn that was given up. */
export interface FailedTurn {
  id: string;
  target: string;
  userId: string;
  attempts: number;
  error: string | null;
  acceptedAt: Date;
  failedAt: Date;
}

export interface TurnFigures {
  queued: number;
  failed: number;
  oldestQueuedAt: Date | null;
  /** The newest ones. */
  failures: FailedTurn[];
}
