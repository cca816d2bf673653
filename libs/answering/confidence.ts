import { answerFit } from './answer-fit.js';
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
  const text = evidence.passage.text.slice(sentence.start, sentence.end);
  const strongest = question.terms.reduce((max, { weight }) => Math.max(max, weight), 0) || 1;
  const allPairs = question.pairs.reduce((sum, { weight }) => sum + weight, 0);
  return [
    passages.reduce((max, { coverage }) => Math.max(max, coverage), 0),
    evidence.coverage,
    passages.reduce((max, { sentences }) => Math.max(max, ...sentences.map(({ coverage }) => coverage)), 0),
    sentence.coverage,
    allPairs > 0 ? Math.max(...passages.map(({ pairs }) => pairs)) / allPairs : 0.5,
    question.terms.reduce((sum, { unknown, weight }) => sum + (unknown ? weight : 0), 0),
    // The heaviest word that the best passage lacks: one missing name is worse than many missing common words.
    question.terms.reduce((max, { weight }, place) => (evidence.has[place] ? max : Math.max(max, weight)), 0) / strongest,
    answerFit(question.kind, text, question.text),
    Math.min(1, question.terms.length / 10),
    best.probability,
  ];
}
