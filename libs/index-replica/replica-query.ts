import { fuse, type RankedHit } from '#libs/ranking';
import type { Hit, ReplicaQuery } from './types.js';

/** The two searches that a query may need. */
export interface Searches {
  byKeywords(terms: readonly string[], limit: number): Hit[];
  /** `documents`: only their chunks. */
  byVector(vector: Float32Array, limit: number, documents: ReadonlySet<number> | undefined): Promise<Hit[]>;
}

/** Candidates of each ranking that the fusion sees, at least. */
const fewestCandidates = 50;

/** Ranks by words, by a vector, or by both, whichever the query has. */
export async function rank(query: ReplicaQuery, searches: Searches): Promise<RankedHit[]> {
  const { terms, vector, limit } = query;
  if (!(limit >= 1)) return [];
  if (!vector) return searches.byKeywords(terms ?? [], limit).map(({ key, score }) => ({ key, score, keywordScore: score }));
  if (!terms) return (await searches.byVector(vector, limit, query.documents)).map(({ key, score }) => ({ key, score, vectorScore: score }));
  const candidates = Math.max(fewestCandidates, limit * 2);
  const keyword = searches.byKeywords(terms, candidates);
  const near = await searches.byVector(vector, candidates, comparable(keyword, query));
  return fuse(keyword, near, { vectorWeight: query.vectorWeight ?? 1 }).slice(0, limit);
}

/**
 * Whose vectors are looked at beside keywords. Vectors that know no meaning count too little to lift a chunk above those that share words
 * with the question: where there are enough of these they only order them, by exact similarity instead of a walk through the graph.
 */
function comparable(keyword: readonly Hit[], { limit, semantic, documents }: ReplicaQuery): ReadonlySet<number> | undefined {
  if (semantic || keyword.length < limit) return documents;
  return new Set(keyword.map((hit) => hit.document));
}
