import type { Message } from '#libs/memory';
import type { EngineHealth } from '../engine.types.js';

export interface RecalledMemory {
  id: string;
  text: string;
  score: number;
}

export interface Recall {
  /** Best first. */
  items: RecalledMemory[];
  missed?: 'timeout' | 'failed';
}

/** Where an engine finds what it knows of a user, and keeps what it learns. The current principal owns all of it. */
export abstract class MemorySource {
  /** Within its budget of time: what is not found by then is missed, and never an error. */
  abstract recall(userId: string, query: string, signal?: AbortSignal): Promise<Recall>;

  /** Takes a whole turn in. It is safe when this resolves; what is worth keeping of it is found out later. */
  abstract remember(userId: string, turn: Message[]): Promise<void>;

  /** Whether the store answers. Never rejects. */
  healthCheck(): Promise<EngineHealth> {
    return Promise.resolve({ healthy: true });
  }
}
