import { stemOf } from './english.js';

/** Longer terms (base64, chains of hashes) are cut: they are matched by their beginning. */
const maxTermLength = 64;

/** Receives one term with its range in the normalised text and its place among the word's parts, counted from 0. */
export type EmitPart = (term: string, start: number, end: number, part: number) => void;

const plain = /^[\p{L}\p{N}\p{M}]+$/u;
const asciiPlain = /^[a-z0-9]+$/;
const number = /^(?:\d+\.\d+|\d{1,3}(?:,\d{3})+(?:\.\d+)?)$/;
const lettersAndHyphens = /^[a-z]+(?:-[a-z]+)+$/;
const signedName = /^[^._@,-]\+\+$|^[^._@,-]#$/;
const partPattern = /[^._@,-]+/g;

const isPlain = (word: string): boolean => asciiPlain.test(word) || plain.test(word);

function termOf(word: string): string {
  return stemOf(word.length > maxTermLength ? word.slice(0, maxTermLength) : word);
}

/**
 * Terms of one word of normalised text. A plain word gives its stem; one with signs inside (user_id, v1.2.3, a@b.com) gives the
 * whole and each part; 3.14 and 1,000 are one number; hyphenated words give their parts and the word without hyphens (e-mail = email).
 *
 * @returns how many parts the word has: the places in the text that it takes
 */
export function termsOfWord(word: string, start: number, emit: EmitPart): number {
  if (isPlain(word)) {
    emit(termOf(word), start, start + word.length, 0);
    return 1;
  }
  const named = word.endsWith("'s") ? word.slice(0, -2) : word;
  const end = start + named.length;
  const whole = named.replaceAll("'", '').replaceAll(',', '');
  if (isPlain(whole) || number.test(named) || signedName.test(whole)) {
    emit(termOf(whole), start, end, 0);
    return 1;
  }
  emit(termOf(lettersAndHyphens.test(whole) ? whole.replaceAll('-', '') : whole), start, end, 0);
  let part = 0;
  for (const match of named.matchAll(partPattern)) {
    const from = start + match.index;
    emit(termOf(match[0].replaceAll("'", '')), from, from + match[0].length, part++);
  }
  return part;
}
