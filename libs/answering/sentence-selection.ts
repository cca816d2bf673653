import type { CitedSentence } from './answering.types.js';
import { ENOUGH_PROBABILITY, LEAST_PROBABILITY } from './model.js';
import type { PassageEvidence } from './passage-evidence.js';
import type { Candidate } from './sentence-ranking.js';

/** Neighbouring sentences `first`..`last` of one passage. */
export interface Run {
  evidence: PassageEvidence;
  first: number;
  last: number;
  probability: number;
}

/** A sentence below this length (an ideograph counts double) is read together with the one before it. */
const SHORT = 30;
const STARTS_WITH_PRONOUN =
  /^[\s"“「『（(]*(?:它|他|她|牠|祂|其(?!他|它|中|余|餘|实|實)|此|该|該|这|這|那|前者|后者|後者|(?:it|its|he|she|his|her|they|their|this|these|those|that|such)\b)/i;

/**
 * The fewest sentences that together probably hold the answer, joined into quotes.
 *
 * @param candidates most probable first, not empty
 * @param limit most sentences to take
 */
export function selectSentences(candidates: readonly Candidate[], limit: number): Run[] {
  const best = candidates[0]!;
  const chosen = [best];
  let probability = best.probability;
  const context = contextOf(best);
  const beside = candidates.find(({ evidence, at }) => evidence === best.evidence && at === context);
  if (beside && limit > 1) {
    chosen.push(beside);
    probability += beside.probability;
  }
  for (const candidate of candidates) {
    if (chosen.length >= limit || probability >= ENOUGH_PROBABILITY || candidate.probability < LEAST_PROBABILITY) break;
    if (chosen.includes(candidate)) continue;
    chosen.push(candidate);
    probability += candidate.probability;
  }
  return toRuns(chosen);
}

/** The place of the sentence that it is read together with: what a heading stands over, or what comes before a pronoun or a few words. */
function contextOf({ evidence: { passage, sentences }, at }: Candidate): number | undefined {
  const { kind, start, end } = sentences[at]!;
  if (kind === 'heading') return sentences[at + 1]?.kind === 'prose' ? at + 1 : undefined;
  if (kind !== 'prose') return undefined;
  const text = passage.text.slice(start, end);
  return STARTS_WITH_PRONOUN.test(text) || text.length + (text.match(/\p{Script=Han}/gu)?.length ?? 0) < SHORT ? at - 1 : undefined;
}

/** Neighbours joined unless something else stands between them; in the order of their best sentences. */
function toRuns(chosen: readonly Candidate[]): Run[] {
  const runs: Run[] = [];
  for (const { evidence, at, probability } of chosen.toSorted((a, b) => a.at - b.at)) {
    const run = runs.find((other) => other.evidence === evidence && other.last === at - 1 && onlySpaceBefore(evidence, at));
    if (run) {
      run.last = at;
      run.probability += probability;
    } else {
      runs.push({ evidence, first: at, last: at, probability });
    }
  }
  const placeOf = ({ evidence, first, last }: Run): number => chosen.findIndex((one) => one.evidence === evidence && one.at >= first && one.at <= last);
  return runs.sort((a, b) => placeOf(a) - placeOf(b));
}

/** Not when the marks of a heading, a table or code stand between the sentence and the one before it. */
function onlySpaceBefore({ passage, sentences }: PassageEvidence, at: number): boolean {
  return passage.text.slice(sentences[at - 1]!.end, sentences[at]!.start).trim() === '';
}

/** The exact slice that holds the sentences. */
export function quoteOf({ evidence, first, last, probability }: Run, index: number): CitedSentence {
  const { start } = evidence.sentences[first]!;
  const { end } = evidence.sentences[last]!;
  const { id, text } = evidence.passage;
  return { index, passage: id, start, end, quote: text.slice(start, end), sentences: last - first + 1, score: probability };
}
