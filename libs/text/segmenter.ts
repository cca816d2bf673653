import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Jieba } from '@node-rs/jieba';
import type { UserDictionary } from './user-dictionary.js';

const require = createRequire(import.meta.url);
let segmenter: Jieba | undefined;
/** Counts the changes of the dictionary: what was segmented before may be segmented otherwise now. */
export let dictionaryVersion = 0;
let taught = '';

/** Names the words that this thread was taught; empty when it was taught none. */
export const dictionaryDigest = (): string => taught;

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

/**
 * Teaches this thread's segmenter the words of a dictionary, for good; worker threads and child processes learn them by themselves.
 * Before anything is analysed: what was, stays as it is.
 */
export function useDictionary({ words, digest }: UserDictionary): void {
  if (words.length === 0) return;
  dictionaryVersion++;
  taught = digest;
  loaded().loadDict(Buffer.from(words.map(({ word, frequency, tag }) => `${word} ${frequency} ${tag}\n`).join('')));
}
