/** A range in a text, in UTF-16 units, end exclusive. */
export interface TextRange {
  start: number;
  end: number;
}

const setOf = (text: string): ReadonlySet<number> => new Set(Array.from(text, (sign) => sign.charCodeAt(0)));

const lineBreaks = setOf('\n\r\u2028\u2029\f\v');
const fullStops = setOf('。！？；…｡．');
const asciiStops = setOf('.!?');
const closers = setOf('"\'”’」』）】》〉〕］｝)]}');
const period = 0x2e;

/** Words whose period never ends a sentence. */
const abbreviations = new Set(
  `mr mrs ms dr prof st vs e.g i.e fig figs no nos vol vols pp cf sec eq eqs ref refs ch gen col sgt capt lt sen rep gov rev hon approx ca viz
  jan feb mar apr jun jul aug sep sept oct nov dec art ed eds`.split(/\s+/),
);
/** Words that begin a sentence rather than go on with a name, after an initial or U.S. */
const starters = new Set('the a an it he she they we you i this that these those in on at for but however and as if when there his her its their'.split(' '));

const dottedLetters = /^(?:[A-Z]\.)*[A-Z]$/;
const wordBefore = /[\p{L}\p{N}.]*$/u;
const wordAfter = /^[\p{L}\p{N}]+/u;
const spaces = setOf(' \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff');
const isSpace = (unit: number): boolean => spaces.has(unit);
const isWide = (unit: number): boolean => unit >= 0x2e80;
const lowerCase = /^\p{Ll}/u;

/** Does the period at `at` only shorten a word, or belong to a name or a numbered item? `next` is where the following text begins. */
function isAbbreviation(text: string, sentenceStart: number, at: number, next: number): boolean {
  const word = wordBefore.exec(text.slice(Math.max(sentenceStart, at - 24), at))?.[0] ?? '';
  const following = wordAfter.exec(text.slice(next, next + 24))?.[0] ?? '';
  if (lowerCase.test(following)) return true;
  if (abbreviations.has(word.toLowerCase())) return true;
  if (dottedLetters.test(word)) return following !== '' && !starters.has(following.toLowerCase());
  // "1. First item": the number is all there is of the sentence so far.
  return /^\d{1,3}$/.test(word) && at - sentenceStart < 24 && text.slice(sentenceStart, at).trim() === word && following !== '';
}

/** Signs that open emphasis are looked for so far back. */
const longestEmphasis = 200;
const emphasisSigns = setOf('*_');

/** Do signs of emphasis at `at` close what their line opened ("**…。** …")? Then the sentence goes on: a lead and what it leads are one. */
function closesEmphasis(text: string, at: number): boolean {
  if (!emphasisSigns.has(text.charCodeAt(at))) return false;
  let end = at + 1;
  while (end < at + 3 && text.charCodeAt(end) === text.charCodeAt(at)) end++;
  const before = text.slice(Math.max(0, at - longestEmphasis), at);
  const signs = text.slice(at, end);
  let open = false;
  for (let next = before.indexOf(signs, before.lastIndexOf('\n') + 1); next >= 0; next = before.indexOf(signs, next + signs.length)) open = !open;
  return open;
}

/** End of the sentence whose last sign begins at `at` (stops and closing quotes after it included), or 0 when it goes on. */
function sentenceEnd(text: string, sentenceStart: number, at: number): number {
  let end = at + 1;
  let ascii = asciiStops.has(text.charCodeAt(at));
  const last = (): number => text.charCodeAt(end);
  while (end < text.length && (asciiStops.has(last()) || fullStops.has(last()))) ascii = asciiStops.has(text.charCodeAt(end++));
  const stopsEnd = end;
  while (end < text.length && closers.has(last())) end++;
  if (closesEmphasis(text, end)) return 0;
  if (!ascii || end >= text.length) return end;
  const following = last();
  if (!isSpace(following)) return isWide(following) && isWide(text.charCodeAt(at - 1)) ? end : 0;
  let next = end;
  while (next < text.length && isSpace(text.charCodeAt(next)) && !lineBreaks.has(text.charCodeAt(next))) next++;
  // "Really?" she asked.
  if (end > stopsEnd && lowerCase.test(text.slice(next, next + 1))) return 0;
  if (text.charCodeAt(at) !== period || stopsEnd - at > 1) return end;
  return isAbbreviation(text, sentenceStart, at, next) ? 0 : end;
}

/**
 * Sentences of Chinese and English text: exact ranges, in order, not empty, without white space at their ends. Line breaks always end a
 * sentence; decimals, version numbers, abbreviations and initials do not; closing quotes and brackets belong to the sentence they close,
 * and an emphasised sentence of Markdown to the one that follows it in its line.
 * Linear in the length.
 */
export function splitSentences(text: string): TextRange[] {
  const sentences: TextRange[] = [];
  let start = 0;
  const close = (end: number): void => {
    let from = start;
    let to = end;
    while (from < to && isSpace(text.charCodeAt(from))) from++;
    while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
    if (to > from) sentences.push({ start: from, end: to });
    start = end;
  };
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (lineBreaks.has(unit)) {
      close(at);
    } else if (asciiStops.has(unit) || fullStops.has(unit)) {
      const end = sentenceEnd(text, start, at);
      if (end === 0) continue;
      close(end);
      at = end - 1;
    }
  }
  close(text.length);
  return sentences;
}
