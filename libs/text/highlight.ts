import { CharacterClass, classOf } from './characters.js';
import { type Normalised, normalise } from './normalise.js';
import { visitRuns } from './runs.js';
import { type Fragment, type Match, bestFragments } from './fragments.js';
import { termsOfWord } from './words.js';

export interface HighlightOptions {
  /** Longest fragment in UTF-16 units (default 160). */
  maxLength?: number;
  /** How many fragments at most (default 2). */
  fragments?: number;
}

interface QueryTerms {
  /** Terms of spaced scripts, compared with the words of the text. */
  words: ReadonlySet<string>;
  /** How these begin, see `beginningOf`. */
  beginnings: ReadonlySet<number>;
  /** Chinese terms and pairs, sought as substrings. */
  substrings: readonly string[];
}

/** The same set is used for every hit of a search. */
const sorted = new WeakMap<ReadonlySet<string>, QueryTerms>();

function sortTerms(terms: ReadonlySet<string>): QueryTerms {
  const known = sorted.get(terms);
  if (known) return known;
  const words = new Set<string>();
  const substrings: string[] = [];
  for (const term of terms) {
    const kind = classOf(term.charCodeAt(0));
    if (kind === CharacterClass.han || kind === CharacterClass.unspaced) substrings.push(term);
    else words.add(term);
  }
  const beginnings = new Set(Array.from(words, (word) => beginningOf(word, 0, word.length)));
  const result = { words, beginnings, substrings };
  sorted.set(terms, result);
  return result;
}

/** The first two units of a word as one number. A stem shares them with its words, but for y and i (dying: die). */
function beginningOf(text: string, start: number, end: number): number {
  if (end - start < 2) return text.charCodeAt(start);
  const second = text.charCodeAt(start + 1);
  return (text.charCodeAt(start) << 16) | (second === 0x79 ? 0x69 : second);
}

/** Spares most words the stemming: one of plain letters and digits that begins unlike any term. Words with signs inside have parts. */
function cannotMatch(text: string, start: number, end: number, beginnings: ReadonlySet<number>): boolean {
  if (beginnings.has(beginningOf(text, start, end))) return false;
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at);
    const plain = (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39);
    if (!plain) return false;
  }
  return true;
}

/** Matches in normalised text, in order of their start. */
function findMatches(text: string, { words, beginnings, substrings }: QueryTerms): Match[] {
  const matches: Match[] = [];
  for (const term of substrings) {
    for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) matches.push({ start: at, end: at + term.length, term });
  }
  if (words.size > 0) {
    visitRuns(text, (kind, start, end) => {
      if (kind !== 'word' || cannotMatch(text, start, end, beginnings)) return;
      termsOfWord(text.slice(start, end), start, (term, from, to) => {
        if (words.has(term)) matches.push({ start: from, end: to, term });
      });
    });
  }
  return matches.sort((a, b) => a.start - b.start || b.end - a.end);
}

function inOriginal(matches: Match[], { starts, ends }: Normalised): Match[] {
  if (!starts || !ends) return matches;
  return matches.map(({ start, end, term }) => ({ start: starts[start] ?? 0, end: ends[end - 1] ?? 0, term }));
}

/**
 * The parts of `text` that show best why it was found, best first, each with the ranges of its matches (relative to the fragment, in order,
 * not overlapping). `queryTerms` are terms of `analyzeQuery`; pass the same Set for all hits of a search. Without a match: the
 * beginning of the text and no ranges. Does not segment, so it is cheap: Chinese terms are found as substrings.
 */
export function highlight(text: string, queryTerms: ReadonlySet<string>, options: HighlightOptions = {}): Fragment[] {
  const normalised = normalise(text);
  const matches = inOriginal(findMatches(normalised.text, sortTerms(queryTerms)), normalised);
  return bestFragments(text, matches, options.maxLength ?? 160, options.fragments ?? 2);
}
