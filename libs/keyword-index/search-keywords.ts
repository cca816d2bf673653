import { TopHits } from '#libs/index-parts';
import { addScores, inverseFrequency, statisticsOf, type Bm25 } from './bm25.js';
import { PostingsBuffer, type KeywordPart, type Postings } from './keyword-part.js';

/** Tells the search about the chunks of one part: whom they belong to and who may be found. */
export interface PartView {
  part: KeywordPart;
  /** Key of each chunk. */
  keys: Float64Array;
  /** Index of each chunk's document into `documents` and `accepted`. */
  documentOf: Uint32Array;
  documents: Float64Array;
  /** 1: chunks of this document may be found. */
  accepted: Uint8Array;
}

/** One block of accumulators for all parts of a search; searches are synchronous, so one is enough. */
let accumulators = new Float32Array(0);
/** A buffer for each part's postings of the current term. */
const buffers: PostingsBuffer[] = [];

/**
 * BM25 over all parts together: the best `limit` chunks, best first. `terms` are distinct, with a
 * weight each (usually how often the question holds it). Chunks without any of the terms are not found.
 */
export function searchKeywords(
  views: readonly PartView[],
  terms: Iterable<readonly [string, number]>,
  limit: number,
  bm25: Bm25,
): TopHits {
  const parts = views.map((view) => view.part);
  const scores = takeAccumulators(parts);
  const { chunks, averageLength } = statisticsOf(parts);
  while (buffers.length < parts.length) buffers.push(new PostingsBuffer());
  const found: (Postings | null)[] = parts.map(() => null);
  for (const [term, weight] of terms) {
    // One read a part serves both the statistics and the scores.
    let frequency = 0;
    parts.forEach((part, index) => {
      const postings = part.postings(term, buffers[index] as PostingsBuffer);
      found[index] = postings;
      if (postings !== null) frequency += part.liveFrequency(postings.count);
    });
    const termWeight = inverseFrequency(chunks, frequency) * weight;
    parts.forEach((part, index) => {
      const postings = found[index] ?? null;
      if (postings !== null) addScores(scores[index] as Float32Array, postings, part.lengths, termWeight, bm25, averageLength);
    });
  }
  const top = new TopHits(limit);
  views.forEach((view, index) => offerAll(top, view, scores[index] as Float32Array));
  return top;
}

/** Estimated number of live chunks that hold the term. */
export function frequencyIn(parts: readonly KeywordPart[], term: string): number {
  let sum = 0;
  for (const part of parts) sum += part.liveFrequency(part.rawFrequency(term));
  return sum;
}

/** Inverse document frequency of a term over all parts. */
export function idfIn(parts: readonly KeywordPart[], term: string): number {
  return inverseFrequency(statisticsOf(parts).chunks, frequencyIn(parts, term));
}

function offerAll(top: TopHits, view: PartView, scores: Float32Array): void {
  const { documentOf, accepted, keys, documents } = view;
  let threshold = Math.max(0, top.threshold);
  for (let ordinal = 0; ordinal < scores.length; ordinal++) {
    const score = scores[ordinal] as number;
    // Equal to the threshold may still win by its key; zero means that no term occurs.
    if (score === 0 || score < threshold) continue;
    const document = documentOf[ordinal] as number;
    if (accepted[document] === 0) continue;
    top.offer(score, keys[ordinal] as number, documents[document] as number);
    threshold = Math.max(0, top.threshold);
  }
}

function takeAccumulators(parts: readonly KeywordPart[]): Float32Array[] {
  const total = parts.reduce((sum, part) => sum + part.chunks, 0);
  if (accumulators.length < total) accumulators = new Float32Array(Math.ceil(total * 1.25));
  else accumulators.fill(0, 0, total);
  let start = 0;
  return parts.map((part) => accumulators.subarray(start, (start += part.chunks)));
}
