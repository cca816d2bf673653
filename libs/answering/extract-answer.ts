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
/** Where prose answers with this confidence, tables are not looked at. */
const PROBABLY = 0.5;

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
 * Prose goes first. Rows of tables compete with it where it probably does not answer; code, which often repeats a question (an
 * example of asking it), is read where nothing else answers.
 */
export function extractAnswer(request: AnswerRequest): ExtractiveAnswer {
  const reading = readPassages(request);
  let refused: ExtractiveAnswer | undefined;
  for (const { kinds, enough } of roundsOf(reading)) {
    const evidence = gatherEvidence(reading, kinds);
    const best = evidence.candidates[0];
    const certainty = best ? confidence(evidence.question, evidence.passages, best) : 0;
    if (best && certainty >= enough) return answerFrom(evidence, certainty, request.maxSentences);
    refused = refusal(evidence, best ? 'thin_evidence' : 'no_passages', certainty);
  }
  return refused!;
}

const prose: SentenceKind[] = ['heading', 'prose'];
const table: SentenceKind[] = ['columns', 'table'];

/** Which sentences are read, and the confidence that needs no further round. */
interface Round {
  kinds: SentenceKind[];
  enough: number;
}

function roundsOf({ passages }: Reading): Round[] {
  const present = new Set(passages.flatMap(({ sentences }) => sentences.map(({ kind }) => kind)));
  const rounds: Round[] = [{ kinds: prose, enough: present.has('table') ? PROBABLY : ANSWER_THRESHOLD }];
  if (present.has('table')) rounds.push({ kinds: [...prose, ...table], enough: ANSWER_THRESHOLD });
  if (present.has('code')) rounds.push({ kinds: [...prose, ...table, 'code'], enough: ANSWER_THRESHOLD });
  return rounds;
}

function answerFrom(evidence: Evidence, certainty: number, maxSentences = MAX_SENTENCES): ExtractiveAnswer {
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

export function gatherEvidence({ question, passages: read }: Reading, kinds: readonly SentenceKind[] = prose): Evidence {
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
