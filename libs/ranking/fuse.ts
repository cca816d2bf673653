export interface ScoredHit {
  key: number;
  score: number;
}

export interface RankedHit {
  key: number;
  /** 0 to 1 when joined, comparable within one search only; else the one score that there is. */
  score: number;
  /** BM25, where the keyword search found it. */
  keywordScore?: number;
  /** Cosine similarity, where the vector search found it. */
  vectorScore?: number;
}

export interface FusionOptions {
  /** How much the vectors count against 1 for keywords, 0 or more. It belongs to the embedding model: see the two constants. */
  vectorWeight: number;
}

/** For hashed words, which know nothing that BM25 does not know better: they order near-ties and add what keywords miss. */
export const lexicalVectorWeight = 0.05;
/** For trained models. */
export const semanticVectorWeight = 1;

/**
 * Joins the hits of a keyword and of a vector search, best first (ties: the smaller key).
 *
 * The scores are scaled, not the ranks: BM25 against its best hit (its zero means "no word in common"), similarities between the worst
 * and best of the list (their zero means nothing: unrelated texts of a trained model have 0.6). A hit missing in one list gets 0 for it.
 * Ranks alone would put the second-best of a weak list beside the second-best of a good one; with the lexical embedding that
 * costs 0.01 to 0.1 nDCG, while this rule gains a little on every set.
 */
export function fuse(keyword: readonly ScoredHit[], vector: readonly ScoredHit[], { vectorWeight }: FusionOptions): RankedHit[] {
  if (!(vectorWeight >= 0) || !Number.isFinite(vectorWeight)) throw new RangeError(`vectorWeight must be 0 or more, not ${vectorWeight}`);
  const total = 1 + vectorWeight;
  const hits = new Map<number, RankedHit>();
  const best = highest(keyword);
  for (const { key, score } of keyword) {
    hits.set(key, { key, score: best > 0 ? Math.max(0, score) / best / total : 0, keywordScore: score });
  }
  const top = highest(vector);
  const range = top - lowest(vector);
  for (const { key, score } of vector) {
    const scaled = ((range > 0 ? 1 - (top - score) / range : 1) * vectorWeight) / total;
    const hit = hits.get(key);
    if (hit) {
      hit.score += scaled;
      hit.vectorScore = score;
    } else {
      hits.set(key, { key, score: scaled, vectorScore: score });
    }
  }
  return [...hits.values()].sort((a, b) => b.score - a.score || a.key - b.key);
}

const highest = (hits: readonly ScoredHit[]): number => hits.reduce((best, { score }) => Math.max(best, score), -Infinity);
const lowest = (hits: readonly ScoredHit[]): number => hits.reduce((worst, { score }) => Math.min(worst, score), Infinity);
