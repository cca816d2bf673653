import { analyze, type Token } from '#libs/text';
import type { Idf } from './answering.types.js';
import { answerKind, characterRoles, type AnswerKind } from './question-words.js';

export interface QuestionTerm {
  term: string;
  /** Share of the question's whole weight; all terms of a question sum to 1. */
  weight: number;
  /** No document of the collection holds it. */
  unknown: boolean;
}

export interface AnalyzedQuestion {
  text: string;
  chinese: boolean;
  kind: AnswerKind;
  /** In order of appearance, each once. */
  terms: QuestionTerm[];
  /** Term → its place in `terms`. */
  index: Map<string, number>;
  /** Pairs of neighbouring terms (places in `terms`), with the smaller weight of the two. */
  pairs: { first: number; second: number; weight: number }[];
}

/** Added to each idf: in a collection of a handful of documents idf says little, and then all words weigh alike. */
const IDF_SMOOTHING = 2;
const KIND_WORD_WEIGHT = 0.25;
/** A term that no analyser produces: asks `idf` for its maximum. */
const NO_TERM = '\u0000';

const CHINESE = /\p{Script=Han}/u;

export const isChinese = (text: string): boolean => CHINESE.test(text);

/** What the question is about: its terms with weights, and the kind of answer it wants. */
export function analyzeQuestion(question: string, idf: Idf): AnalyzedQuestion {
  const weighted = weighTerms(question, idf);
  const total = weighted.reduce((sum, term) => sum + term.weight, 0) || 1;
  const index = new Map<string, number>();
  const terms: QuestionTerm[] = [];
  const sequence: number[] = [];
  for (const { term, weight, unknown } of weighted) {
    let place = index.get(term);
    if (place === undefined) {
      place = terms.length;
      index.set(term, place);
      terms.push({ term, weight: 0, unknown });
    }
    terms[place]!.weight += weight / total;
    if (sequence.at(-1) !== place) sequence.push(place);
  }
  return { text: question, chinese: isChinese(question), kind: answerKind(question), terms, index, pairs: pairsOf(sequence, terms) };
}

interface WeightedTerm {
  term: string;
  weight: number;
  unknown: boolean;
}

function weighTerms(question: string, idf: Idf): WeightedTerm[] {
  const tokens = analyze(question);
  const roles = tokenRoles(tokens, characterRoles(question));
  const telling = tokens.map((token, at) => ({ token, role: roles[at]! })).filter(({ role }) => role < 2);
  // A question of nothing but form words ("The Who?") is still a question about them.
  const kept = telling.length > 0 ? telling : tokens.map((token) => ({ token, role: 0 }));
  const covers = coverCounts(kept.map(({ token }) => token), question.length);
  const highest = idf(NO_TERM);
  return kept.map(({ token, role }) => {
    const value = idf(token.term);
    const length = token.end - token.start;
    let share = 0;
    // Overlapping terms (a compound and its parts) divide their characters between them.
    for (let at = token.start; at < token.end; at++) share += 1 / (covers[at]! * length);
    const rarity = (value + IDF_SMOOTHING) / (highest + IDF_SMOOTHING);
    const size = isChinese(token.term) ? Math.sqrt(length) : Math.SQRT2;
    const weight = rarity * share * size * (role === 1 ? KIND_WORD_WEIGHT : 1);
    return { term: token.term, weight, unknown: value >= highest - 1e-9 };
  });
}

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

function coverCounts(tokens: readonly Token[], length: number): Uint8Array {
  const counts = new Uint8Array(length);
  for (const { start, end } of tokens) for (let at = start; at < end; at++) counts[at]!++;
  return counts;
}

function pairsOf(sequence: readonly number[], terms: readonly QuestionTerm[]): AnalyzedQuestion['pairs'] {
  const pairs: AnalyzedQuestion['pairs'] = [];
  for (let at = 1; at < sequence.length; at++) {
    const first = sequence[at - 1]!;
    const second = sequence[at]!;
    pairs.push({ first, second, weight: Math.min(terms[first]!.weight, terms[second]!.weight) });
  }
  return pairs;
}
