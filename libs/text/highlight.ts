import { CharacterClass, classOf, isWordUnit } from './characters.js';
import { type Normalised, normalise } from './normalise.js';
import { endOfWord, startOfWord } from './runs.js';
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
  /** Where a word may begin that has one of these terms; absent without such terms. */
  beginnings?: RegExp;
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
  const beginnings = words.size > 0 ? new RegExp([...new Set(Array.from(words, beginningOf))].join('|'), 'g') : undefined;
  const result = { words, beginnings, substrings };
  sorted.set(terms, result);
  return result;
}

const unit = (code: number): string => `\\u${code.toString(16).padStart(4, '0')}`;

/**
 * Pattern of the first two units of a term's words. A stem shares them with its words, but for y and i (dying: die) and for signs that the
 * analyser drops (e-mail: email, 1,000: 1000).
 */
function beginningOf(term: string): string {
  const first = unit(term.charCodeAt(0));
  if (term.length < 2) return `${first}(?![a-z0-9])`;
  const second = term.charAt(1);
  return `${first}[-,']?${second === 'i' || second === 'y' ? '[iy]' : unit(second.charCodeAt(0))}`;
}

function findSubstrings(text: string, substrings: readonly string[], matches: Match[]): void {
  for (const term of substrings) {
    for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) matches.push({ start: at, end: at + term.length, term });
  }
}

/** Looks only at words that begin like a term: stemming all of them would be the costliest part of a search. */
function findWords(text: string, beginnings: RegExp, words: ReadonlySet<string>, matches: Match[]): void {
  const emit = (term: string, start: number, end: number): void => {
    if (words.has(term)) matches.push({ start, end, term });
  };
  beginnings.lastIndex = 0;
  for (let found = beginnings.exec(text); found; found = beginnings.exec(text)) {
    const at = found.index;
    beginnings.lastIndex = at + 1;
    if (at > 0 && isWordUnit(text.charCodeAt(at - 1))) continue;
    const start = startOfWord(text, at);
    const end = endOfWord(text, start);
    termsOfWord(text.slice(start, end), start, emit);
    beginnings.lastIndex = Math.max(end, at + 1);
  }
}

/** Matches in normalised text, in order of their start. */
function findMatches(text: string, { words, beginnings, substrings }: QueryTerms): Match[] {
  const matches: Match[] = [];
  findSubstrings(text, substrings, matches);
  if (beginnings) findWords(text, beginnings, words, matches);
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
