import { searchKeywords, type Bm25, type PartView } from '#libs/keyword-index';
import { searchVectors, type VectorView } from '#libs/vector-index';
import type { ReplicaPart } from './replica-part.js';
import type { Hit, SearchOptions } from './types.js';

/** Finding a document's slot costs about as much as asking for so many slots whether their documents are wanted. */
const COST_OF_LOOKUP = 8;

/** Keyword search over the parts. */
export function findByKeywords(
  parts: readonly ReplicaPart[],
  terms: Iterable<readonly [string, number]> | readonly string[],
  options: SearchOptions,
  bm25: Bm25,
): Hit[] {
  if (!(options.limit >= 1)) return [];
  const views = parts.map((part): PartView => {
    const { keys, documentOf, documents } = part;
    return { part: part.keyword, keys, documentOf, documents, accepted: acceptedSlots(part, options).accepted };
  });
  return searchKeywords(views, weighTerms(terms), options.limit, bm25).sorted();
}

/** Vector search over the parts; they must stay open until it resolves. */
export async function findByVector(
  parts: readonly ReplicaPart[],
  vector: Float32Array,
  dimensions: number,
  options: SearchOptions,
): Promise<Hit[]> {
  if (!(options.limit >= 1)) return [];
  const views = parts.map((part): VectorView => {
    const { accepted, acceptedChunks } = acceptedSlots(part, options);
    // A copy: the search gives way to changes, which may remove documents or replace the array.
    return { part, graph: part.graph, accepted: accepted.slice(0, part.slots), acceptedChunks };
  });
  const found = await searchVectors(views, vector, dimensions, options.limit);
  return found.sorted();
}

/** Distinct terms with their weights: a term given twice weighs twice. */
function weighTerms(terms: Iterable<readonly [string, number]> | readonly string[]): Map<string, number> {
  const weights = new Map<string, number>();
  for (const entry of terms) {
    const [term, weight] = typeof entry === 'string' ? [entry, 1] : entry;
    weights.set(term, (weights.get(term) ?? 0) + weight);
  }
  return weights;
}

/** 1 for each slot that may be found, and how many chunks these have. Without a filter they are the live ones themselves. */
function acceptedSlots(part: ReplicaPart, { collections, documents }: SearchOptions): { accepted: Uint8Array; acceptedChunks: number } {
  const { live, slots, starts } = part;
  if (collections === undefined && documents === undefined) return { accepted: live, acceptedChunks: part.liveChunks };
  const wanted = collections === undefined ? null : new Set(collections);
  const accepted = new Uint8Array(slots);
  let acceptedChunks = 0;
  const accept = (slot: number) => {
    if (live[slot] === 0 || (wanted !== null && !wanted.has(part.collections[slot] as number))) return;
    accepted[slot] = 1;
    acceptedChunks += (starts[slot + 1] as number) - (starts[slot] as number);
  };
  // Few documents among many are looked up, not looked for.
  if (documents !== undefined && documents.size * COST_OF_LOOKUP < slots) {
    for (const document of documents) for (const slot of part.slotsOf(document)) accept(slot);
  } else {
    for (let slot = 0; slot < slots; slot++) if (documents?.has(part.documents[slot] as number) ?? true) accept(slot);
  }
  return { accepted, acceptedChunks };
}
