import { createHash } from 'node:crypto';
import { normalise } from './normalise.js';

/** A word that the segmenter is taught, in simplified characters. */
export interface UserWord {
  word: string;
  frequency: number;
  /** Part of speech, as jieba names it. */
  tag: string;
}

export interface UserDictionary {
  words: readonly UserWord[];
  /** Words that are not used because they are not purely Chinese: only Chinese text is segmented by dictionary. */
  ignored: number;
  /** Names what it teaches: the same words in another order give the same. */
  digest: string;
}

/** The text is no dictionary; `faults` names the lines. */
export class DictionaryError extends Error {
  constructor(readonly faults: string[]) {
    super(faults.join('; '));
    this.name = 'DictionaryError';
  }
}

const mostUserWords = 50_000;
const longestWord = 40;
const mostFrequency = 1_000_000;
const mostFaults = 5;
/**
 * Wins against parts whose frequencies multiply to less than 3·10¹¹ (those of 数据 and 智能 to 4·10⁸), and is low enough for thousands of
 * words to leave the segmentation of all other text as it was.
 */
const usualFrequency = 5_000;

const line = /^(\S+)(?:\s+(\d{1,7}))?(?:\s+([a-zA-Z]{1,10}))?$/;
const hanOnly = /^\p{Script=Han}{2,}$/u;

/**
 * Reads a dictionary in jieba's form: a word a line, after it a frequency and a part of speech if wanted. Traditional forms are accepted.
 * @throws DictionaryError
 */
export function parseDictionary(text: string): UserDictionary {
  const faults: string[] = [];
  const words = new Map<string, UserWord>();
  let ignored = 0;
  for (const [index, content] of text.replace(/^\ufeff/, '').split(/\r?\n/).entries()) {
    if (content.trim() === '') continue;
    const [, given = '', frequency = String(usualFrequency), tag = 'n'] = line.exec(content.trim()) ?? [];
    const word = normalise(given).text;
    const fault = faultOf(given, Number(frequency));
    if (fault) faults.push(`line ${index + 1}: ${fault}`);
    else if (hanOnly.test(word)) words.set(word, { word, frequency: Number(frequency), tag });
    else ignored++;
    if (words.size > mostUserWords) throw new DictionaryError([`more than ${mostUserWords} words`]);
    if (faults.length >= mostFaults) break;
  }
  if (faults.length > 0) throw new DictionaryError(faults);
  return { words: [...words.values()], ignored, digest: digestOf([...words.values()]) };
}

function faultOf(word: string, frequency: number): string | undefined {
  if (word === '') return 'must be a word, then a frequency and a part of speech if wanted';
  if (word.length > longestWord) return `a word may have ${longestWord} characters`;
  return frequency < 1 || frequency > mostFrequency ? `a frequency is between 1 and ${mostFrequency}` : undefined;
}

/** Tags change no segmentation. */
function digestOf(words: readonly UserWord[]): string {
  const lines = words.map(({ word, frequency }) => `${word} ${frequency}`).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 8);
}
