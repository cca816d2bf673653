/** What a UTF-16 code unit is to the analyser. */
export const CharacterClass = {
  /** Punctuation, white space, symbols, emoji. */
  other: 1,
  /** Ideographs: segmented into words. */
  han: 2,
  /** Letters of scripts that separate words by spaces. */
  letter: 3,
  digit: 4,
  /** Kana, Hangul, Thai and the like: no spaces (or long suffixes), no dictionary here: indexed by pairs. */
  unspaced: 5,
  /** Second half of a surrogate pair: belongs to the unit before it. */
  low: 6,
} as const;

const classes = new Uint8Array(0x10000);

const isHan = /\p{Script=Han}/u;
const isUnspaced = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]/u;
const isDigit = /\p{Nd}/u;
const isLetter = /[\p{L}\p{M}\p{N}]/u;

function classify(unit: number): number {
  if (unit >= 0xdc00 && unit <= 0xdfff) return CharacterClass.low;
  // High surrogates of planes 2 and 3, where every letter is an ideograph.
  if (unit >= 0xd840 && unit <= 0xd8bf) return CharacterClass.han;
  if (unit >= 0xd800 && unit <= 0xdbff) return CharacterClass.other;
  const character = String.fromCharCode(unit);
  if (isHan.test(character)) return CharacterClass.han;
  if (isUnspaced.test(character)) return CharacterClass.unspaced;
  if (isDigit.test(character)) return CharacterClass.digit;
  return isLetter.test(character) ? CharacterClass.letter : CharacterClass.other;
}

/** Class of one UTF-16 code unit; computed once a unit, then a table look-up. */
export function classOf(unit: number): number {
  return classes[unit] || (classes[unit] = classify(unit));
}

export function isHanUnit(unit: number): boolean {
  return classOf(unit) === CharacterClass.han;
}

/** Part of a word of a script that separates words by spaces. */
export function isWordUnit(unit: number): boolean {
  const kind = classOf(unit);
  return kind === CharacterClass.letter || kind === CharacterClass.digit;
}
