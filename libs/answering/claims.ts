import { analyze, splitSentences, stopTerms } from '#libs/text';
import type { Passage } from './answering.types.js';

/** What a sentence claims, as far as words can tell: its terms, numbers apart because a wrong number is a wrong claim. */
export interface Claim {
  terms: Set<string>;
  numbers: string[];
}

/** Words of a text that something else may support, with the ranges of its sentences. */
export interface Source {
  passage: Passage;
  sentences: { start: number; end: number; terms: Set<string> }[];
  terms: Set<string>;
}

const NUMBER = /\d/;
/** A claim is supported when the source holds this share of its words, and all its numbers. */
export const SUPPORTED = 0.5;
/** Supported words count half where numbers are wrong. */
const WRONG_NUMBER = 0.5;

export function claimOf(text: string): Claim {
  const claim: Claim = { terms: new Set(), numbers: [] };
  for (const { term } of analyze(text)) {
    if (stopTerms.has(term) || claim.terms.has(term)) continue;
    claim.terms.add(term);
    if (NUMBER.test(term)) claim.numbers.push(term);
  }
  return claim;
}

export function readSource(passage: Passage): Source {
  const sentences = splitSentences(passage.text).map(({ start, end }) => ({ start, end, terms: new Set<string>() }));
  const terms = new Set<string>();
  let at = 0;
  for (const token of analyze(passage.text)) {
    while (at < sentences.length - 1 && sentences[at]!.end <= token.start) at++;
    sentences[at]?.terms.add(token.term);
    terms.add(token.term);
  }
  for (const heading of [passage.title, ...(passage.headings ?? [])]) if (heading) for (const { term } of analyze(heading)) terms.add(term);
  return { passage, sentences, terms };
}

/** Share of the claim's weight, 0..1, that the given words hold. */
export function supportOf(claim: Claim, holds: (term: string) => boolean, weigh: (term: string) => number = () => 1): number {
  let [held, total] = [0, 0];
  for (const term of claim.terms) {
    const weight = weigh(term);
    total += weight;
    if (holds(term)) held += weight;
  }
  return total === 0 ? 0 : (held / total) * (claim.numbers.every(holds) ? 1 : WRONG_NUMBER);
}
