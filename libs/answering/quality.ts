import { splitSentences } from '#libs/text';
import { answerFit } from './answer-fit.js';
import type { CitedSentence, Idf, Quality, QualityRequest } from './answering.types.js';
import { MARKER } from './citation-markers.js';
import { type Claim, claimOf, readSource, supportOf } from './claims.js';
import type { PassageEvidence } from './passage-evidence.js';
import { type AnalyzedQuestion, analyzeQuestion, weighedTerms } from './question.js';
import { longestChecked, longestSentence, Turn } from './turn.js';

/** An answer need not repeat the whole question: with this share of its weight it is as much about it as it can be. */
const REPEATED_ENOUGH = 0.6;
const WORDS_SHARE = 0.6;

/**
 * Measures an answer of a language model against its question and the passages that it cites. An answer without
 * citations has no ground. Compares words: an answer in another language than its passages counts as unsupported.
 * Linear in the length; other work goes on meanwhile. The first 100,000 characters are measured.
 */
export async function assessQuality(request: QualityRequest): Promise<Quality> {
  const turn = new Turn();
  const said = await read(request.answer, turn);
  const idf = await request.rarity([...new Set([...weighedTerms(request.question), ...said.flatMap(({ claim }) => [...claim.terms])])]);
  const question = analyzeQuestion(request.question, idf);
  const cited = new Set(request.citations.map(({ passage }) => passage));
  const words = new Set<string>();
  for (const passage of request.passages) {
    if (turn.over) await turn.next();
    if (cited.has(passage.id)) for (const term of readSource(passage).terms) words.add(term);
  }
  const { answered, groundedness, fit } = await measure(said, question, (term) => words.has(term), idf, turn);
  const relevance = relevanceOf(covered(question, (term) => answered.has(term)), fit);
  return combine(groundedness, relevance, covered(question, (term) => words.has(term)));
}

/** A sentence of the answer. */
interface Said {
  sentence: string;
  claim: Claim;
}

interface Measured {
  /** Terms of the answer. */
  answered: Set<string>;
  /** Mean support of its sentences, each weighing as much as the rare words that it says. */
  groundedness: number;
  /** Of the sentence that fits the question best. */
  fit: number;
}

async function read(answer: string, turn: Turn): Promise<Said[]> {
  const text = answer.slice(0, longestChecked).replace(MARKER, ' ');
  const said: Said[] = [];
  for (const { start, end } of splitSentences(text)) {
    if (turn.over) await turn.next();
    const sentence = text.slice(start, Math.min(end, start + longestSentence));
    said.push({ sentence, claim: claimOf(sentence) });
  }
  return said;
}

async function measure(said: readonly Said[], { kind, text: question }: AnalyzedQuestion, holds: (term: string) => boolean, idf: Idf, turn: Turn): Promise<Measured> {
  const answered = new Set<string>();
  let [supported, total, fit] = [0, 0, 0];
  for (const { sentence, claim } of said) {
    if (turn.over) await turn.next();
    let weight = 0;
    for (const term of claim.terms) {
      answered.add(term);
      weight += idf(term);
    }
    supported += weight * supportOf(claim, holds, idf);
    total += weight;
    if (fit < 1) fit = Math.max(fit, answerFit(kind, sentence, question));
  }
  return { answered, groundedness: total > 0 ? supported / total : 0, fit };
}

/**
 * The same for an extractive answer, out of the evidence already read. Quotes are grounded by construction, so the score can say more:
 * the probability that the question is answered by the passages (`certainty`) and that the quotes hold the answer.
 */
export function extractiveQuality({ question, passages }: { question: AnalyzedQuestion; passages: PassageEvidence[] }, citations: readonly CitedSentence[], certainty: number): Quality {
  const quoted = new Uint8Array(question.terms.length);
  const inPassages = new Uint8Array(question.terms.length);
  for (const { passage, sentences } of citations.map((citation) => evidenceOf(passages, citation))) {
    passage.forEach((has, place) => (inPassages[place]! |= has));
    for (const sentence of sentences) sentence.has.forEach((has, place) => (quoted[place]! |= has));
  }
  const text = citations.map(({ quote }) => quote).join(' ');
  const sum = (has: Uint8Array): number => question.terms.reduce((total, { weight }, place) => (has[place] ? total + weight : total), 0);
  const held = citations.reduce((total, { score }) => total + score, 0);
  const relevance = text.trim() === '' ? 0 : relevanceOf(sum(quoted), answerFit(question.kind, text, question.text));
  const parts = combine(1, relevance, sum(inPassages));
  return { ...parts, score: Math.min(1, certainty * held) };
}

function evidenceOf(passages: PassageEvidence[], { passage, start, end }: CitedSentence) {
  const evidence = passages.find((candidate) => candidate.passage.id === passage)!;
  return { passage: evidence.has, sentences: evidence.sentences.filter((sentence) => sentence.start >= start && sentence.end <= end) };
}

const covered = ({ terms }: AnalyzedQuestion, holds: (term: string) => boolean): number =>
  terms.reduce((sum, { term, weight }) => (holds(term) ? sum + weight : sum), 0);

function relevanceOf(repeated: number, fit: number): number {
  return WORDS_SHARE * Math.min(1, repeated / REPEATED_ENOUGH) + (1 - WORDS_SHARE) * fit;
}

/** Geometric mean: an answer is as good as its parts together, and none makes up for a missing one. */
function combine(groundedness: number, relevance: number, coverage: number): Quality {
  const bounded = [groundedness, relevance, coverage].map((part) => Math.min(1, Math.max(0, part)));
  const score = Math.cbrt(bounded[0]! * bounded[1]! * bounded[2]!);
  return { score, groundedness: bounded[0]!, relevance: bounded[1]!, coverage: bounded[2]! };
}
