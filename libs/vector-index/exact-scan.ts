import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TopHits } from '#libs/index-parts';
import { scanRows } from './hnsw.js';
import type { VectorView } from './vector-view.js';

/** Rows compared in one native call; with 512 dimensions about 0.3 ms. */
const BLOCK_ROWS = 2_048;
/** Rows between two wanted ones that are read along rather than skipped with another read. */
const READ_THROUGH_ROWS = 16;

/** Lets the event loop run when a piece of work has used its share. */
export class Slice {
  private started = performance.now();

  constructor(private readonly milliseconds: number) {}

  async rest(): Promise<void> {
    if (performance.now() - this.started < this.milliseconds) return;
    await nextTurn();
    this.started = performance.now();
  }
}

/**
 * Compares the chunks in `ordinals` (ascending) with the vector, one by one, and offers the best to
 * `top`. Gives way to the event loop between blocks.
 */
export async function scanExactly(
  view: VectorView,
  ordinals: Uint32Array,
  vector: Int8Array,
  top: TopHits,
  limit: number,
  slice: Slice,
): Promise<void> {
  for (let start = 0; start < ordinals.length; start += BLOCK_ROWS) {
    scanBlock(view, ordinals.subarray(start, start + BLOCK_ROWS), vector, top, limit);
    await slice.rest();
  }
}

let scratch = new Int8Array(0);

function scanBlock(view: VectorView, ordinals: Uint32Array, vector: Int8Array, top: TopHits, limit: number): void {
  const bytes = gather(view, ordinals);
  const { nodes, cosines } = scanRows(scratch.subarray(0, bytes), vector, limit);
  nodes.forEach((row, index) => offer(top, view, ordinals[row] as number, cosines[index] as number));
}

/** Offers a chunk of the part. */
export function offer(top: TopHits, { part }: VectorView, ordinal: number, cosine: number): void {
  const document = part.documentOf[ordinal] as number;
  top.offer(cosine, part.keys[ordinal] as number, part.documents[document] as number);
}

/** Copies the wanted rows to the start of the scratch buffer; returns how many bytes they take. */
function gather(view: VectorView, ordinals: Uint32Array): number {
  const { rows: source } = view.part;
  const { dimensions } = source;
  const room = (ordinals.length + 1) * (READ_THROUGH_ROWS + 1) * dimensions;
  let filled = 0;
  for (let i = 0; i < ordinals.length; ) {
    const first = ordinals[i] as number;
    let last = i;
    while (last + 1 < ordinals.length && (ordinals[last + 1] as number) - (ordinals[last] as number) <= READ_THROUGH_ROWS) last++;
    const rows = (ordinals[last] as number) - first + 1;
    reserveScratch(filled + rows * dimensions, room);
    source.copy(first, rows, scratch, filled);
    const base = filled;
    for (; i <= last; i++) {
      const from = base + ((ordinals[i] as number) - first) * dimensions;
      if (from !== filled) scratch.copyWithin(filled, from, from + dimensions);
      filled += dimensions;
    }
  }
  return filled;
}

function reserveScratch(bytes: number, most: number): void {
  if (scratch.length >= bytes) return;
  const grown = new Int8Array(Math.min(Math.max(bytes, scratch.length * 2), Math.max(bytes, most)));
  grown.set(scratch);
  scratch = grown;
}
