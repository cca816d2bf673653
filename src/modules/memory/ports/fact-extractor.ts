import type { Fact, Turn } from '#libs/memory';

/** Finds what of a turn is worth remembering: what the user says about themselves, and usually nothing. */
export abstract class FactExtractor {
  /** At most 20 facts, in order, none of them twice. Never rejects. */
  abstract extract(turns: readonly Turn[], signal?: AbortSignal): Promise<Fact[]>;
}
