import type { CitedSentence } from './answering.types.js';
import { ENOUGH_PROBABILITY, LEAST_PROBABILITY } from './model.js';
import type { PassageEvidence } from './passage-evidence.js';
import type { Candidate } from './sentence-ranking.js';

/** Neighbouring sentences `first`..`last` of one passage. */
interface Run {
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
 * @param limit most sentences to cite
 */
export function selectSentences(candidates: readonly Candidate[], limit: number): CitedSentence[] {
  const best = candidates[0]!;
  const chosen = [best];
  let probability = best.probability;
  const before = candidates.find(({ evidence, at }) => evidence === best.evidence && at === best.at - 1);
  if (before && limit > 1 && needsContext(best)) {
    chosen.push(before);
    probability += before.probability;
  }
  for (const candidate of candidates) {
    if (chosen.length >= limit || probability >= ENOUGH_PROBABILITY || candidate.probability < LEAST_PROBABILITY) break;
    if (chosen.includes(candidate)) continue;
    chosen.push(candidate);
    probability += candidate.probability;
  }
  return toRuns(chosen).map((run, place) => toCitation(run, place + 1));
}

function needsContext({ evidence, at }: Candidate): boolean {
  const sentence = evidence.sentences[at]!;
  const text = evidence.passage.text.slice(sentence.start, sentence.end);
  return STARTS_WITH_PRONOUN.test(text) || text.length + (text.match(/\p{Script=Han}/gu)?.length ?? 0) < SHORT;
}

/** Passages in the order of their best sentence; inside a passage in reading order, neighbours joined unless a heading begins between them. */
function toRuns(chosen: readonly Candidate[]): Run[] {
  const passages = [...new Set(chosen.map(({ evidence }) => evidence))];
  const runs: Run[] = [];
  for (const evidence of passages) {
    const inside = chosen.filter((candidate) => candidate.evidence === evidence).sort((a, b) => a.at - b.at);
    for (const { at, probability } of inside) {
      const previous = runs.at(-1);
      if (previous?.evidence === evidence && previous.last === at - 1 && onlySpaceBefore(evidence, at)) {
        previous.last = at;
        previous.probability += probability;
      } else {
        runs.push({ evidence, first: at, last: at, probability });
      }
    }
  }
  return runs;
}

/** Not when the marks of a heading stand between the sentence and the one before it. */
function onlySpaceBefore({ passage, sentences }: PassageEvidence, at: number): boolean {
  return passage.text.slice(sentences[at - 1]!.end, sentences[at]!.start).trim() === '';
}

function toCitation({ evidence, first, last, probability }: Run, index: number): CitedSentence {
  const { start } = evidence.sentences[first]!;
  const { end } = evidence.sentences[last]!;
  const { id, text } = evidence.passage;
  return { index, passage: id, start, end, quote: text.slice(start, end), sentences: last - first + 1, score: probability };
}
