import type { AnswerRequest, ExtractiveAnswer } from './answering.types.js';
import { confidence } from './confidence.js';
import { ANSWER_THRESHOLD } from './model.js';
import { type PassageEvidence, evidenceOf, type ReadPassage, readPassage } from './passage-evidence.js';
import type { SentenceKind } from './passage-sentences.js';
import { extractiveQuality } from './quality.js';
import { type AnalyzedQuestion, analyzeQuestion, isChinese } from './question.js';
import { readable } from './readable.js';
import { type Candidate, rankSentences } from './sentence-ranking.js';
import { quoteOf, type Run, selectSentences } from './sentence-selection.js';

/** Passages and characters read for one answer: later ones hold it too rarely for their cost (about 0.4 ms for 1,000 Chinese characters). */
const MAX_PASSAGES = 8;
const MAX_CHARACTERS = 10_000;
const MAX_SENTENCES = 3;
/** All but code. */
const plainText: readonly SentenceKind[] = ['heading', 'prose', 'columns', 'table'];

/** A question and the passages read for it. */
export interface Reading {
  question: AnalyzedQuestion;
  passages: ReadPassage[];
}

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
 *
 * Code often repeats a question (an example of asking it) and seldom answers one: it is read where nothing else does.
 */
export function extractAnswer(request: AnswerRequest): ExtractiveAnswer {
  const reading = readPassages(request);
  const answer = answerFrom(gatherEvidence(reading), request.maxSentences);
  const holdsCode = reading.passages.some(({ sentences }) => sentences.some(({ kind }) => kind === 'code'));
  return answer.refused && holdsCode ? answerFrom(gatherEvidence(reading, [...plainText, 'code']), request.maxSentences) : answer;
}

function answerFrom(evidence: Evidence, maxSentences = MAX_SENTENCES): ExtractiveAnswer {
  const best = evidence.candidates[0];
  if (!best) return refusal(evidence, 'no_passages', 0);
  const certainty = confidence(evidence.question, evidence.passages, best);
  if (certainty < ANSWER_THRESHOLD) return refusal(evidence, 'thin_evidence', certainty);
  const runs = selectSentences(evidence.candidates, Math.max(1, Math.min(MAX_SENTENCES, maxSentences)));
  const citations = runs.map((run, place) => quoteOf(run, place + 1));
  return { refused: false, answer: join(runs), citations, quality: extractiveQuality(evidence, citations, certainty) };
}

export function readPassages({ question: text, passages, idf }: AnswerRequest): Reading {
  const question = analyzeQuestion(text, idf);
  const read: ReadPassage[] = [];
  let budget = MAX_CHARACTERS;
  for (const passage of passages.slice(0, MAX_PASSAGES)) {
    if (budget <= 0) break;
    read.push(readPassage(passage, question, budget));
    budget -= passage.text.length;
  }
  return { question, passages: read };
}

export function gatherEvidence({ question, passages: read }: Reading, kinds = plainText): Evidence {
  const passages = read.map((passage) => evidenceOf(passage, question, kinds));
  return { question, passages, candidates: rankSentences(passages, question) };
}

function join(runs: readonly Run[]): string {
  const parts = runs.map((run, place) => `${readable(run)} [${place + 1}]`);
  return parts.join(isChinese(parts[0]!) ? '' : ' ');
}

function refusal({ question, passages }: Evidence, reason: 'no_passages' | 'thin_evidence', certainty: number): ExtractiveAnswer {
  const answer = question.chinese
    ? '现有文档中没有足够的依据来回答这个问题。'
    : 'The documents do not hold enough evidence to answer this question.';
  const coverage = passages.reduce((max, passage) => Math.max(max, passage.coverage), 0);
  return { refused: true, reason, answer, citations: [], quality: { score: certainty, groundedness: 0, relevance: 0, coverage } };
}
