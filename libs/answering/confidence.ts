import { CONFIDENCE_BIAS, CONFIDENCE_WEIGHTS } from './model.js';
import type { PassageEvidence } from './passage-evidence.js';
import type { AnalyzedQuestion } from './question.js';
import type { Candidate } from './sentence-ranking.js';

/** Probability, 0..1, that the passages answer the question at all. */
export function confidence(question: AnalyzedQuestion, passages: readonly PassageEvidence[], best: Candidate): number {
  const features = confidenceFeatures(question, passages, best);
  const sum = features.reduce((total, value, place) => total + value * CONFIDENCE_WEIGHTS[place]!, CONFIDENCE_BIAS);
  return 1 / (1 + Math.exp(-sum));
}

/** Signs that the evidence is about the question; the order is that of `CONFIDENCE_WEIGHTS`. All values are about 0..1. */
export function confidenceFeatures(question: AnalyzedQuestion, passages: readonly PassageEvidence[], best: Candidate): number[] {
  const { evidence, at } = best;
  const sentence = evidence.sentences[at]!;
  const allPairs = question.pairs.reduce((sum, { weight }) => sum + weight, 0);
  return [
    passages.reduce((max, { coverage }) => Math.max(max, coverage), 0),
    evidence.coverage,
    passages.reduce((max, { sentences }) => Math.max(max, ...sentences.map(({ coverage }) => coverage)), 0),
    sentence.coverage,
    allPairs > 0 ? Math.max(...passages.map(({ pairs }) => pairs)) / allPairs : 0.5,
    // Words that other documents hold but this passage lacks: the question is likelier about those.
    question.terms.reduce((sum, { unknown, weight }, place) => (unknown || evidence.has[place] ? sum : sum + weight), 0),
    heldTogether(question, evidence, at),
    Math.min(1, question.terms.length / 10),
    best.probability,
  ];
}

/** Coverage by the best sentence and its two neighbours together. */
function heldTogether(question: AnalyzedQuestion, { sentences }: PassageEvidence, at: number): number {
  const near = sentences.slice(Math.max(0, at - 1), at + 2);
  return question.terms.reduce((sum, { weight }, place) => (near.some(({ has }) => has[place]) ? sum + weight : sum), 0);
}
