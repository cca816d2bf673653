import type { AnswerRequest, CitedSentence, ExtractiveAnswer } from './answering.types.js';
import { confidence } from './confidence.js';
import { ANSWER_THRESHOLD } from './model.js';
import { type PassageEvidence, readPassage } from './passage-evidence.js';
import { extractiveQuality } from './quality.js';
import { type AnalyzedQuestion, analyzeQuestion, isChinese } from './question.js';
import { type Candidate, rankSentences } from './sentence-ranking.js';
import { selectSentences } from './sentence-selection.js';

/** Passages and characters read for one answer: later ones hold it too rarely for their cost (about 0.4 ms for 1,000 Chinese characters). */
const MAX_PASSAGES = 8;
const MAX_CHARACTERS = 10_000;
const MAX_SENTENCES = 3;

/** What the evidence says about a question, before anything is decided. */
export interface Evidence {
  question: AnalyzedQuestion;
  passages: PassageEvidence[];
  /** Most probable first. */
  candidates: Candidate[];
}

/**
 * Answers from the passages alone, without a model: picks the one to three sentences most probable to hold the answer and quotes
 * them exactly, or refuses when the passages are not about the question. Deterministic.
 */
export function extractAnswer(request: AnswerRequest): ExtractiveAnswer {
  const evidence = gatherEvidence(request);
  const best = evidence.candidates[0];
  if (!best) return refusal(evidence, 'no_passages', 0);
  const certainty = confidence(evidence.question, evidence.passages, best);
  if (certainty < ANSWER_THRESHOLD) return refusal(evidence, 'thin_evidence', certainty);
  const limit = Math.max(1, Math.min(MAX_SENTENCES, request.maxSentences ?? MAX_SENTENCES));
  const citations = selectSentences(evidence.candidates, limit);
  return { refused: false, answer: join(citations), citations, quality: extractiveQuality(evidence, citations, certainty) };
}

export function gatherEvidence({ question: text, passages, idf }: AnswerRequest): Evidence {
  const question = analyzeQuestion(text, idf);
  const read: PassageEvidence[] = [];
  let budget = MAX_CHARACTERS;
  for (const passage of passages.slice(0, MAX_PASSAGES)) {
    if (budget <= 0) break;
    read.push(readPassage(passage, question, budget));
    budget -= passage.text.length;
  }
  return { question, passages: read, candidates: rankSentences(read, question) };
}

function join(citations: readonly CitedSentence[]): string {
  const parts = citations.map(({ quote, index }) => `${quote.trim().replace(/\s*\n\s*/g, ' ')} [${index}]`);
  return parts.join(isChinese(citations[0]!.quote) ? '' : ' ');
}

function refusal({ question, passages }: Evidence, reason: 'no_passages' | 'thin_evidence', certainty: number): ExtractiveAnswer {
  const answer = question.chinese
    ? '现有文档中没有足够的依据来回答这个问题。'
    : 'The documents do not hold enough evidence to answer this question.';
  const coverage = passages.reduce((max, passage) => Math.max(max, passage.coverage), 0);
  return { refused: true, reason, answer, citations: [], quality: { score: certainty, groundedness: 0, relevance: 0, coverage } };
}
