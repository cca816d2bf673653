import { analyze, type Token } from '#libs/text';
import type { Idf } from './answering.types.js';
import { answerKind, askingSpan, characterRoles, type AnswerKind, WordRole } from './question-words.js';

export interface QuestionTerm {
  term: string;
  /** Share of the question's whole weight; all terms of a question sum to 1. */
  weight: number;
  /** Share of the weight near the asking word ("… was built when?"): what stands there is asked about; sums to 1. */
  focus: number;
  /** No document of the collection holds it. */
  unknown: boolean;
}

export interface AnalyzedQuestion {
  text: string;
  chinese: boolean;
  kind: AnswerKind;
  /** In order of appearance, each once. */
  terms: QuestionTerm[];
  /** The ideographs of the telling words: a part of a word (又名 for 别名) is a hint too. */
  characters: string[];
  /** Term → its place in `terms`. */
  index: Map<string, number>;
  /** Neighbouring words (places in `terms`), the smaller weight of the two, and how far apart they stand in the question. */
  pairs: { first: number; second: number; weight: number; distance: number }[];
  /** Per term: the places in `pairs` that it belongs to. */
  pairsOf: number[][];
}

/** Added to each idf: in a collection of a handful of documents idf says little, and then all words weigh alike. */
const IDF_SMOOTHING = 3;
const KIND_WORD_WEIGHT = 0.25;
/** A term that no analyser produces: asks `idf` for its maximum. */
const NO_TERM = '\u0000';

const CHINESE = /\p{Script=Han}/u;

export const isChinese = (text: string): boolean => CHINESE.test(text);

/** Longer questions are read up to here (UTF-16 units): the work grows with terms times sentences. */
const MAX_LENGTH = 500;

/** What {@link analyzeQuestion} asks `idf` for. */
export function weighedTerms(text: string): string[] {
  return [NO_TERM, ...new Set(analyze(text.slice(0, MAX_LENGTH)).map(({ term }) => term))];
}

/** What the question is about: its terms with weights, and the kind of answer it wants. */
export function analyzeQuestion(text: string, idf: Idf): AnalyzedQuestion {
  const question = text.slice(0, MAX_LENGTH);
  const weighted = weighTerms(question, idf);
  const total = weighted.reduce((sum, term) => sum + term.weight, 0) || 1;
  const totalFocus = weighted.reduce((sum, term) => sum + term.focus, 0) || 1;
  const index = new Map<string, number>();
  const terms: QuestionTerm[] = [];
  for (const { token, weight, focus, unknown } of weighted) {
    const { term } = token;
    let place = index.get(term);
    if (place === undefined) {
      place = terms.length;
      index.set(term, place);
      terms.push({ term, weight: 0, focus: 0, unknown });
    }
    terms[place]!.weight += weight / total;
    terms[place]!.focus += focus / totalFocus;
  }
  const pairs = findPairs(weighted, index, terms);
  const pairsOf = terms.map((_, place) => pairs.flatMap(({ first, second }, at) => (first === place || second === place ? [at] : [])));
  return { text: question, chinese: isChinese(question), kind: answerKind(question), terms, characters: charactersOf(weighted), index, pairs, pairsOf };
}

interface WeightedTerm {
  token: Token;
  weight: number;
  focus: number;
  unknown: boolean;
}

function weighTerms(question: string, idf: Idf): WeightedTerm[] {
  const tokens = analyze(question);
  const roles = tokenRoles(tokens, characterRoles(question));
  const telling = tokens.map((token, at) => ({ token, role: roles[at]! })).filter(({ role }) => role < WordRole.form);
  // A question of nothing but form words ("The Who?") is still a question about them.
  const kept = telling.length > 0 ? telling : tokens.map((token) => ({ token, role: WordRole.subject }));
  const covers = coverCounts(kept.map(({ token }) => token), question.length);
  const highest = idf(NO_TERM);
  const asking = askingSpan(question);
  return kept.map(({ token, role }) => {
    const value = idf(token.term);
    const length = token.end - token.start;
    let share = 0;
    // Overlapping terms (a compound and its parts) divide their characters between them.
    for (let at = token.start; at < token.end; at++) share += 1 / (covers[at]! * length);
    const rarity = (value + IDF_SMOOTHING) / (highest + IDF_SMOOTHING);
    const size = isChinese(token.term) ? Math.sqrt(length) : Math.SQRT2;
    const weight = rarity * share * size * (role === WordRole.kind ? KIND_WORD_WEIGHT : 1);
    const focus = weight / (1 + distance(token, asking) / (isChinese(question) ? 4 : 12));
    return { token, weight, focus, unknown: value >= highest - 1e-9 };
  });
}

/** Characters between two spans, 0 when they touch. */
const distance = (a: { start: number; end: number }, b: { start: number; end: number }): number => Math.max(0, a.start - b.end, b.start - a.end);

/**
 * Role of each token: that of its most telling character. The analyser gives words and, over Chinese, pairs of characters
 * across them: a pair that touches a form word says nothing and is a form word too.
 */
function tokenRoles(tokens: readonly Token[], characters: Uint8Array): number[] {
  const words = Uint8Array.from(characters);
  let wordEnd = 0;
  for (const { start, end } of tokens) {
    if (start < wordEnd) continue;
    wordEnd = end;
    words.fill(Math.min(...characters.subarray(start, end)), start, end);
  }
  wordEnd = 0;
  return tokens.map(({ start, end }) => {
    const own = words.subarray(start, end);
    const isWord = start >= wordEnd;
    if (isWord) wordEnd = end;
    return isWord ? Math.min(...own) : Math.max(...own);
  });
}

const charactersOf = (weighted: readonly WeightedTerm[]): string[] => [...new Set(weighted.flatMap(({ token }) => token.term.match(/\p{Script=Han}/gu) ?? []))];

function coverCounts(tokens: readonly Token[], length: number): Uint8Array {
  const counts = new Uint8Array(length);
  for (const { start, end } of tokens) for (let at = start; at < end; at++) counts[at]!++;
  return counts;
}

function findPairs(weighted: readonly WeightedTerm[], index: Map<string, number>, terms: readonly QuestionTerm[]): AnalyzedQuestion['pairs'] {
  const pairs: AnalyzedQuestion['pairs'] = [];
  let previous: Token | undefined;
  for (const { token } of weighted) {
    // The parts of a compound are no neighbours of it.
    if (previous && token.start < previous.end) continue;
    if (previous) {
      const [first, second] = [index.get(previous.term)!, index.get(token.term)!];
      const weight = Math.min(terms[first]!.weight, terms[second]!.weight);
      if (first !== second) pairs.push({ first, second, weight, distance: token.position - previous.position });
    }
    previous = token;
  }
  return pairs;
}
