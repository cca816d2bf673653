import type { Rarity } from '#libs/answering';
import type { EngineContext } from '../engine.types.js';

/** Of the documents that the answer draws on; without any, all words are alike. */
export function rarityIn(context: EngineContext | undefined): Rarity {
  return context?.rarity ?? (() => Promise.resolve(() => 1));
}
