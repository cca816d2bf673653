import { CharacterClass, classOf, isWordUnit } from './characters.js';

/** A stretch of normalised text of one kind: Chinese, unspaced script, or a word with the signs inside it. */
export interface Run {
  kind: 'han' | 'unspaced' | 'word';
  start: number;
  end: number;
}

// Signs that hold a word together when a letter or digit stands on both sides: user_id, v1.2.3, e-mail, a@b.com, don't.
const comma = 0x2c;
const joiners = new Set(Array.from("._-@'", (sign) => sign.charCodeAt(0)));
const plus = 0x2b;
const hash = 0x23;

const isDigitUnit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39;

function isThousandsComma(text: string, at: number): boolean {
  const digit = (offset: number): boolean => isDigitUnit(text.charCodeAt(at + offset));
  return digit(-1) && digit(1) && digit(2) && digit(3) && !digit(4) && !(digit(-2) && digit(-3) && digit(-4));
}

/** Whether the sign at `at` holds the units beside it together. */
function joins(text: string, at: number): boolean {
  const sign = text.charCodeAt(at);
  return (joiners.has(sign) && isWordUnit(text.charCodeAt(at + 1))) || (sign === comma && isThousandsComma(text, at));
}

/** End of the word that starts at `start`: C++, C# and joined words are one. */
export function endOfWord(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && (isWordUnit(text.charCodeAt(at)) || joins(text, at))) at++;
  if (at === start + 1) {
    if (text.charCodeAt(at) === plus && text.charCodeAt(at + 1) === plus) return at + 2;
    if (text.charCodeAt(at) === hash) return at + 1;
  }
  return at;
}

/** Start of the word that has a unit at `at`. */
export function startOfWord(text: string, at: number): number {
  let start = at;
  while (start > 0) {
    const before = text.charCodeAt(start - 1);
    if (!isWordUnit(before) && !(start > 1 && isWordUnit(text.charCodeAt(start - 2)) && joins(text, start - 1))) break;
    start--;
  }
  return start;
}

function endOfClass(text: string, start: number, kind: number): number {
  let at = start + 1;
  while (at < text.length) {
    const next = classOf(text.charCodeAt(at));
    if (next !== kind && next !== CharacterClass.low) break;
    at++;
  }
  return at;
}

/** The runs of normalised text in order; everything between them is neither letter nor digit. */
export function runsOf(text: string): Run[] {
  const runs: Run[] = [];
  for (let at = 0; at < text.length; ) {
    const kind = classOf(text.charCodeAt(at));
    if (kind === CharacterClass.other || kind === CharacterClass.low) {
      at++;
      continue;
    }
    const start = at;
    if (kind === CharacterClass.han || kind === CharacterClass.unspaced) {
      at = endOfClass(text, start, kind);
      runs.push({ kind: kind === CharacterClass.han ? 'han' : 'unspaced', start, end: at });
    } else {
      at = endOfWord(text, start);
      runs.push({ kind: 'word', start, end: at });
    }
  }
  return runs;
}
