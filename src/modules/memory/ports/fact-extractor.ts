import type { Fact, Message } from '#libs/memory';
import type { MemoryScope } from '../memory.types.js';

export interface ExtractOptions {
  signal?: AbortSignal;
  /** Whose messages these are. */
  scope?: MemoryScope;
}

/** Finds what of a turn is worth remembering: what the user says about themselves, and usually nothing. */
export abstract class FactExtractor {
  /** At most 20 facts, in order, none of them twice. Rejects only when the signal fires: then nothing is known of the turn yet. */
  abstract extract(messages: readonly Message[], options?: ExtractOptions): Promise<Fact[]>;
}
