import { setImmediate } from 'node:timers/promises';
import { countTokens } from './token-count.js';

/** UTF-16 units that are counted at once: about 2 ms. */
const slice = 20_000;

/** The estimated tokens of all texts; other work goes on between slices of them. */
export async function countAllTokens(texts: Iterable<string>): Promise<number> {
  let tokens = 0;
  let counted = 0;
  for (const text of texts) {
    for (let from = 0; from < text.length; from += slice) {
      const part = text.slice(from, from + slice);
      tokens += countTokens(part);
      counted += part.length;
      if (counted < slice) continue;
      counted = 0;
      await setImmediate();
    }
  }
  return tokens;
}
