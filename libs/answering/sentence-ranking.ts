import { answerFit } from './answer-fit.js';
import { ROW_COST, SENTENCE_WEIGHTS } from './model.js';
import type { PassageEvidence, SentenceEvidence } from './passage-evidence.js';
import type { SentenceKind } from './passage-sentences.js';
import type { AnalyzedQuestion } from './question.js';

/** A sentence that may answer, with the probability that it does (all candidates of a question sum to 1). */
export interface Candidate {
  evidence: PassageEvidence;
  /** Place in `evidence.sentences`. */
  at: number;
  probability: number;
}

/** Every sentence of the passages that can answer, most probable first. */
export function rankSentences(passages: readonly PassageEvidence[], question: AnalyzedQuestion): Candidate[] {
  const best = Math.max(...passages.map(({ coverage }) => coverage));
  const candidates: Candidate[] = [];
  // Who repeats the whole question asks it, too: an example, or a list of questions, where the answer comes next.
  const asked = /[?？]\s*$/.test(question.text) ? question.text.trim() : '';
  const seen = new Set<string>();
  for (const evidence of passages) {
    evidence.sentences.forEach(({ kind, start, end }, at) => {
      if (onlyNames(kind, evidence.sentences[at + 1]?.kind)) return;
      // Neighbouring chunks overlap: their common sentences count once.
      const text = evidence.passage.text.slice(start, end);
      if (seen.has(text) || (asked !== '' && text.includes(asked))) return;
      seen.add(text);
      const features = sentenceFeatures(evidence, at, question, best);
      const cost = kind === 'table' ? ROW_COST : 0;
      candidates.push({ evidence, at, probability: features.reduce((sum, value, place) => sum + value * SENTENCE_WEIGHTS[place]!, -cost) });
    });
  }
  toProbabilities(candidates);
  return candidates.sort((a, b) => b.probability - a.probability || a.evidence.passage.rank - b.evidence.passage.rank || a.at - b.at);
}

/** Columns have names, and a heading over a table or code is one. */
function onlyNames(kind: SentenceKind, next: SentenceKind | undefined): boolean {
  return kind === 'columns' || (kind === 'heading' && (next === 'columns' || next === 'table' || next === 'code'));
}

/**
 * What tells an answering sentence from its neighbours; the order is that of `SENTENCE_WEIGHTS`. All values are about 0..1.
 */
export function sentenceFeatures(evidence: PassageEvidence, at: number, question: AnalyzedQuestion, bestCoverage: number): number[] {
  const sentence = evidence.sentences[at]!;
  const { passage } = evidence;
  const text = passage.text.slice(sentence.start, sentence.end);
  return [
    sentence.coverage,
    distinctive(evidence, sentence, question),
    added(evidence.sentences[at - 1], sentence, question),
    added(evidence.sentences[at + 1], sentence, question),
    // The first sentence says what the passage is about; the others need not repeat it.
    added(evidence.sentences[0], sentence, question),
    sentence.characters,
    evidence.coverage,
    sentence.pairs,
    question.kind === 'time' || question.kind === 'number' ? answerFit(question.kind, text, question.text) : 0.5,
    answerFit(question.kind, text, question.text),
    bestCoverage > 0 ? evidence.coverage / bestCoverage : 0,
    focused(sentence, question),
    1 / Math.max(1, passage.rank),
    question.kind === 'definition' && at === 0 ? 1 : 0,
    evidence.pairs,
    /[?？]\s*$/.test(text) ? 1 : 0,
  ];
}

/** Coverage in which a term counts less the more sentences of the passage repeat it: it tells them apart less. */
function distinctive(evidence: PassageEvidence, sentence: SentenceEvidence, question: AnalyzedQuestion): number {
  let sum = 0;
  question.terms.forEach(({ weight }, place) => {
    if (sentence.has[place]) sum += weight / evidence.sentenceCounts[place]!;
  });
  return sum;
}

/** Weight of the terms that a neighbour holds and the sentence itself does not. */
function added(neighbour: SentenceEvidence | undefined, sentence: SentenceEvidence, question: AnalyzedQuestion): number {
  if (!neighbour) return 0;
  let sum = 0;
  question.terms.forEach(({ weight }, place) => {
    if (neighbour.has[place] && !sentence.has[place]) sum += weight;
  });
  return sum;
}

function toProbabilities(candidates: Candidate[]): void {
  const highest = candidates.reduce((max, { probability }) => Math.max(max, probability), -Infinity);
  let total = 0;
  for (const candidate of candidates) total += candidate.probability = Math.exp(candidate.probability - highest);
  for (const candidate of candidates) candidate.probability /= total;
}

function focused(sentence: SentenceEvidence, question: AnalyzedQuestion): number {
  let sum = 0;
  question.terms.forEach(({ focus }, place) => {
    if (sentence.has[place]) sum += focus;
  });
  return sum;
}
