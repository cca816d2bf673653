import { CharacterClass, classOf } from './characters.js';

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

const isWordUnit = (unit: number): boolean => {
  const kind = classOf(unit);
  return kind === CharacterClass.letter || kind === CharacterClass.digit;
};
const isDigitUnit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39;

function isThousandsComma(text: string, at: number): boolean {
  const digit = (offset: number): boolean => isDigitUnit(text.charCodeAt(at + offset));
  return digit(-1) && digit(1) && digit(2) && digit(3) && !digit(4) && !(digit(-2) && digit(-3) && digit(-4));
}

/** End of the word that starts at `start`: C++, C# and joined words are one. */
function endOfWord(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (isWordUnit(unit)) continue;
    const joined = (joiners.has(unit) && isWordUnit(text.charCodeAt(at + 1))) || (unit === comma && isThousandsComma(text, at));
    if (!joined) break;
  }
  if (at === start + 1) {
    if (text.charCodeAt(at) === plus && text.charCodeAt(at + 1) === plus) return at + 2;
    if (text.charCodeAt(at) === hash) return at + 1;
  }
  return at;
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

/** Visits the runs of normalised text in order; everything between them is neither letter nor digit. */
export function visitRuns(text: string, visit: (kind: Run['kind'], start: number, end: number) => void): void {
  for (let at = 0; at < text.length; ) {
    const kind = classOf(text.charCodeAt(at));
    if (kind === CharacterClass.other || kind === CharacterClass.low) {
      at++;
      continue;
    }
    const start = at;
    if (kind === CharacterClass.han || kind === CharacterClass.unspaced) {
      at = endOfClass(text, start, kind);
      visit(kind === CharacterClass.han ? 'han' : 'unspaced', start, at);
    } else {
      at = endOfWord(text, start);
      visit('word', start, at);
    }
  }
}

/** The same as a list. */
export function runsOf(text: string): Run[] {
  const runs: Run[] = [];
  visitRuns(text, (kind, start, end) => runs.push({ kind, start, end }));
  return runs;
}
