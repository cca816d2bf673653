import { CharacterClass, classOf, isWordUnit } from './characters.js';

/** An occurrence of a term, in UTF-16 units of the text. */
export interface Match {
  start: number;
  end: number;
  term: string;
}

export interface Fragment {
  text: string;
  ranges: [number, number][];
}

interface Window {
  start: number;
  end: number;
  score: number;
}

const fullStop = 0x2e;
const space = /\s/;
/** A repeated term adds little beside another term. */
const repetition = 0.1;

/** Where a fragment showing a match at `at` best begins: after the sentence break before it, else at a word. */
function fragmentStart(text: string, at: number, maxLength: number): number {
  const earliest = Math.max(0, at - Math.floor(maxLength / 3));
  if (earliest === 0) return 0;
  for (let end = at; end > earliest; end--) if (endsSentence(text, end, earliest)) return end;
  return wordBoundary(text, earliest, at);
}

/** Whether a sentence that does not begin before `from` ends at `end`. Asked for every unit before a match: hence comparisons, and no set. */
function endsSentence(text: string, end: number, from: number): boolean {
  const last = text.charCodeAt(end - 1);
  // \n ! ? 。 ！ ； ？
  if (last === 0x0a || last === 0x21 || last === 0x3f || last === 0x3002 || last === 0xff01 || last === 0xff1b || last === 0xff1f) return true;
  return end - 2 >= from && text.charCodeAt(end - 2) === fullStop && space.test(text.charAt(end - 1));
}

/** First place from `from` on (before `limit`) that is not inside a word or a surrogate pair. */
function wordBoundary(text: string, from: number, limit: number): number {
  let at = from;
  while (at < limit && isWordUnit(text.charCodeAt(at)) && isWordUnit(text.charCodeAt(at - 1))) at++;
  if (classOf(text.charCodeAt(at)) === CharacterClass.low) at++;
  return at;
}

function fragmentEnd(text: string, start: number, lastMatchEnd: number, maxLength: number): number {
  let end = Math.min(text.length, start + maxLength);
  if (end === text.length) return end;
  while (end > lastMatchEnd && isWordUnit(text.charCodeAt(end)) && isWordUnit(text.charCodeAt(end - 1))) end--;
  if (classOf(text.charCodeAt(end)) === CharacterClass.low) end--;
  return end > start ? end : Math.min(text.length, start + maxLength);
}

/** Best score of a window that begins at each match: distinct terms (longer ones more), a little for repetitions. */
function windowsOf(text: string, matches: readonly Match[], maxLength: number): Window[] {
  const windows: Window[] = [];
  let previousEnd = -1;
  for (let index = 0; index < matches.length; index++) {
    const first = matches[index] as Match;
    // A window inside the sentence of the one before cannot show more than that one did.
    if (first.start < previousEnd) continue;
    const start = fragmentStart(text, first.start, maxLength);
    const seen: string[] = [];
    let score = 0;
    let last = first.end;
    for (let next = index; next < matches.length; next++) {
      const match = matches[next] as Match;
      if (match.end > start + maxLength) break;
      score += seen.includes(match.term) ? repetition : Math.min(4, match.term.length);
      seen.push(match.term);
      last = Math.max(last, match.end);
    }
    windows.push({ start, end: fragmentEnd(text, start, last, maxLength), score });
    previousEnd = first.start + Math.floor(maxLength / 4);
  }
  return windows.sort((a, b) => b.score - a.score || a.start - b.start);
}

/** Ranges of the matches inside the window, overlapping and touching ones joined. */
function toFragment(text: string, window: Window, matches: readonly Match[]): Fragment {
  let { start, end } = window;
  while (start < end && text.charCodeAt(start) <= 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
  const ranges: [number, number][] = [];
  for (const match of matches) {
    if (match.start < start || match.end > end) continue;
    const last = ranges.at(-1);
    if (last && match.start - start <= last[1]) last[1] = Math.max(last[1], match.end - start);
    else ranges.push([match.start - start, match.end - start]);
  }
  return { text: text.slice(start, end), ranges };
}

/** The `count` best non-overlapping windows of at most `maxLength` units around `matches` (in order of start), best first. */
export function bestFragments(text: string, matches: readonly Match[], maxLength: number, count: number): Fragment[] {
  if (text.length <= maxLength) return text.trim() ? [toFragment(text, { start: 0, end: text.length, score: 0 }, matches)] : [];
  if (matches.length === 0) {
    return [toFragment(text, { start: 0, end: fragmentEnd(text, 0, 0, maxLength), score: 0 }, matches)];
  }
  const chosen: Window[] = [];
  for (const window of windowsOf(text, matches, maxLength)) {
    if (chosen.length >= count) break;
    if (chosen.every((other) => window.end <= other.start || window.start >= other.end)) chosen.push(window);
  }
  return chosen.map((window) => toFragment(text, window, matches));
}
