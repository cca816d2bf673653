import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Jieba } from '@node-rs/jieba';
import { normalise } from './normalise.js';

const require = createRequire(import.meta.url);
let segmenter: Jieba | undefined;
/** Counts the changes of the dictionary: what was segmented before may be segmented otherwise now. */
export let dictionaryVersion = 0;

/** jieba with its dictionary: about 35 MB and 0.3 s, once a thread, on the first Chinese text. The 6 MB of IDF stay on disk. */
function loaded(): Jieba {
  if (!segmenter) {
    const jieba = require('@node-rs/jieba') as typeof import('@node-rs/jieba');
    segmenter = jieba.Jieba.withDict(readFileSync(require.resolve('@node-rs/jieba/dict.txt')));
  }
  return segmenter;
}

/** Words of normalised Chinese text, unknown names guessed; joined they are the text again. */
export function segment(text: string): string[] {
  return loaded().cut(text, true);
}

// Above every frequency of the dictionary's long words, so that a user's word wins against its parts.
const userFrequency = 1_000_000;
const hanOnly = /^\p{Script=Han}{2,}$/u;

/**
 * Adds words to the dictionary of this thread's segmenter, for good (worker threads add their own). Traditional forms are
 * accepted; words that are not purely Chinese are ignored, because only Chinese text is segmented by dictionary.
 */
export function addWords(words: readonly string[]): void {
  const usable = words.map((word) => normalise(word.trim()).text).filter((word) => hanOnly.test(word));
  if (usable.length === 0) return;
  dictionaryVersion++;
  loaded().loadDict(Buffer.from(usable.map((word) => `${word} ${userFrequency} n\n`).join('')));
}
