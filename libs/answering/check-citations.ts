import { splitSentences } from '#libs/text';
import type { CheckedAnswer, CheckedCitation, Passage } from './answering.types.js';
import { readMarkers } from './citation-markers.js';
import { type Claim, claimOf, readSource, type Source, SUPPORTED, supportOf } from './claims.js';
import { longestChecked, longestSentence, Turn } from './turn.js';

/** Sentences of fewer telling words ("Sure!", "好的。") claim nothing. */
const LEAST_WORDS = 2;
/** A neighbouring sentence joins the quote when it supports this much more of the claim. */
const WORTH_JOINING = 0.15;

/**
 * Checks the citations of a language model's answer against the passages it was given (`[1]` is the first of them). Markers that
 * point nowhere are removed; every other one gets the sentences of its passage that support the citing sentence best. A sentence
 * is unsupported when the passages it cites, or all of them if it cites none, lack most of its words or one of its numbers.
 * Linear in the length; other work goes on meanwhile. Beyond 100,000 characters the answer stays as it is.
 */
export async function checkCitations(answer: string, passages: readonly Passage[]): Promise<CheckedAnswer> {
  const { text, bare, markers } = readMarkers(answer.slice(0, longestChecked), passages.length);
  const source = reader(passages);
  const citations: CheckedCitation[] = [];
  const unsupported: string[] = [];
  const sentences = splitSentences(bare);
  const turn = new Turn();
  let marker = 0;
  for (const [place, { start, end }] of sentences.entries()) {
    if (turn.over) await turn.next();
    // A marker after the full stop still belongs to the sentence before it.
    const next = sentences[place + 1]?.start ?? Infinity;
    const numbers = new Set<number>();
    for (; marker < markers.length && markers[marker]!.at <= next; marker++) numbers.add(markers[marker]!.number);
    const sentence = bare.slice(start, end);
    const claim = claimOf(sentence.slice(0, longestSentence));
    for (const number of numbers) addCitation(citations, citationOf(number, source(number), claim));
    if (claim.terms.size < LEAST_WORDS) continue;
    const looked = numbers.size > 0 ? [...numbers] : passages.map((_, at) => at + 1);
    if (!isSupported(claim, looked.map(source), numbers.size > 0)) unsupported.push(sentence);
  }
  return { text: text + answer.slice(longestChecked), citations: citations.sort((a, b) => a.index - b.index || a.start - b.start), unsupported };
}

/** Reads each passage, by its number, on first need: an answer cites few of those it was given. */
function reader(passages: readonly Passage[]): (number: number) => Source {
  const sources = new Map<number, Source>();
  return (number) => {
    const source = sources.get(number) ?? readSource(passages[number - 1]!);
    sources.set(number, source);
    return source;
  };
}

/** Cited passages may support a sentence together; of passages not cited one alone must. */
function isSupported(claim: Claim, sources: readonly Source[], together: boolean): boolean {
  if (together) return supportOf(claim, (term) => sources.some(({ terms }) => terms.has(term))) >= SUPPORTED && numbersHeld(claim, sources);
  return sources.some((source) => supportOf(claim, (term) => source.terms.has(term)) >= SUPPORTED && numbersHeld(claim, [source]));
}

const numbersHeld = ({ numbers }: Claim, sources: readonly Source[]): boolean =>
  numbers.every((number) => sources.some(({ terms }) => terms.has(number)));

/** The sentence of the passage that supports the claim best, with a neighbour where that adds enough. */
function citationOf(index: number, { passage, sentences }: Source, claim: Claim): CheckedCitation {
  let [first, last, score] = [0, 0, -1];
  sentences.forEach(({ terms }, at) => {
    const support = supportOf(claim, (term) => terms.has(term));
    if (support > score) [first, last, score] = [at, at, support];
  });
  for (const neighbour of [first - 1, last + 1]) {
    const terms = sentences[neighbour]?.terms;
    if (!terms) continue;
    const both = supportOf(claim, (term) => terms.has(term) || sentences[first]!.terms.has(term));
    if (both < score + WORTH_JOINING) continue;
    return quoteOf(index, passage, sentences[Math.min(first, neighbour)]!.start, sentences[Math.max(last, neighbour)]!.end, both);
  }
  return quoteOf(index, passage, sentences[first]?.start ?? 0, sentences[last]?.end ?? 0, Math.max(0, score));
}

function quoteOf(index: number, { id, text }: Passage, start: number, end: number, score: number): CheckedCitation {
  return { index, passage: id, start, end, quote: text.slice(start, end), score };
}

function addCitation(citations: CheckedCitation[], citation: CheckedCitation): void {
  const same = citations.find(({ index, start, end }) => index === citation.index && start === citation.start && end === citation.end);
  if (same) same.score = Math.max(same.score, citation.score);
  else citations.push(citation);
}
