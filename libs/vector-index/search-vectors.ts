import { TopHits } from '#libs/index-parts';
import { offer, scanExactly, Slice } from './exact-scan.js';
import { checkVector, quantise } from './quantise.js';
import { NO_CHUNK } from './vector-graph.js';
import type { VectorView } from './vector-view.js';

/** Longest run of a search before the event loop gets its turn. */
const SLICE_MILLISECONDS = 2;
/** Relative cost of finding one more neighbour in a graph and of scanning one row, measured. */
const COST_PER_NEIGHBOUR = 20;
const COST_PER_ROW = 1;
/** A graph search looks at this many candidates even when fewer are asked for. */
const LEAST_NEIGHBOURS = 96;

/**
 * The `limit` chunks nearest to the vector by cosine over all parts, best first. Graphs where they are
 * cheaper, exact scans for what they do not cover and for small accepted sets.
 */
export async function searchVectors(
  views: readonly VectorView[],
  vector: Float32Array,
  dimensions: number,
  limit: number,
): Promise<TopHits> {
  checkVector(vector, dimensions);
  const top = new TopHits(limit);
  const query = new Int8Array(dimensions);
  if (!quantise(vector, query)) return top;
  const slice = new Slice(SLICE_MILLISECONDS);
  for (const view of views) {
    const scanned = searchGraph(view, query, top, limit) ? uncovered(view) : allAccepted(view);
    await scanExactly(view, scanned, query, top, limit, slice);
    await slice.rest();
  }
  return top;
}

/** Searches the graph unless scanning is cheaper; false if it was left alone. */
function searchGraph(view: VectorView, query: Int8Array, top: TopHits, limit: number): boolean {
  const { graph } = view;
  if (graph === null || graph.coveredChunks === 0) return false;
  const acceptable = Math.min(view.acceptedChunks, graph.coveredChunks);
  if (acceptable === 0) return false;
  const wanted = Math.min(limit, acceptable);
  // Among the nearest nodes the acceptable ones are as frequent as everywhere, or not: ask for more until they suffice.
  for (let count = Math.ceil((wanted * graph.size * 1.2) / acceptable) + 8; ; count *= 4) {
    if (Math.max(count, LEAST_NEIGHBOURS) * COST_PER_NEIGHBOUR > acceptable * COST_PER_ROW) return false;
    const { nodes, cosines } = graph.nearest(query, count);
    const usable = nodes.map((ordinal, i) => ({ ordinal, cosine: cosines[i] as number })).filter(({ ordinal }) => accepts(view, ordinal));
    if (usable.length < wanted && count < graph.size) continue;
    for (const { ordinal, cosine } of usable) {
      offer(top, view, ordinal, cosine);
    }
    return true;
  }
}

function accepts(view: VectorView, ordinal: number): boolean {
  return ordinal !== NO_CHUNK && view.accepted[view.part.documentOf[ordinal] as number] === 1;
}

function uncovered(view: VectorView): Uint32Array {
  const { graph } = view;
  const { present } = view.part.rows;
  if (graph === null || graph.coveredChunks === graph.covered.length) return new Uint32Array(0);
  return select(view, (ordinal) => present[ordinal] === 1 && graph.covered[ordinal] === 0);
}

function allAccepted(view: VectorView): Uint32Array {
  const { present } = view.part.rows;
  return select(view, (ordinal) => present[ordinal] === 1);
}

/** Chunks of accepted documents that a test lets through, ascending. */
function select(view: VectorView, wanted: (ordinal: number) => boolean): Uint32Array {
  const { accepted, part } = view;
  const { starts } = part;
  const ordinals = new Uint32Array(view.acceptedChunks);
  let count = 0;
  for (let document = 0; document < accepted.length; document++) {
    if (accepted[document] === 0) continue;
    const end = starts[document + 1] as number;
    for (let ordinal = starts[document] as number; ordinal < end; ordinal++) if (wanted(ordinal)) ordinals[count++] = ordinal;
  }
  return ordinals.subarray(0, count);
}
