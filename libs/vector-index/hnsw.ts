import usearch, { type Index } from 'usearch';

/** How the graph is built and searched; see Malkov & Yashunin 2016 for what they trade. */
const CONNECTIVITY = 16;
const EXPANSION_ADD = 128;
const EXPANSION_SEARCH = 96;

/** One search or insertion at a time, on the calling thread: more threads would compete with the event loop. */
const THREADS = 1;

export interface Neighbours {
  /** Node numbers, nearest first. */
  nodes: number[];
  cosines: Float32Array;
}

/** A usearch graph over quantised vectors; nodes are numbered by the caller. */
export class Hnsw {
  private readonly index: Index;

  constructor(private readonly dimensions: number) {
    this.index = new usearch.Index({
      dimensions,
      metric: usearch.MetricKind.Cos,
      quantization: usearch.ScalarKind.I8,
      connectivity: CONNECTIVITY,
      expansion_add: EXPANSION_ADD,
      expansion_search: EXPANSION_SEARCH,
      multi: false,
    });
  }

  get size(): number {
    return this.index.size();
  }

  /** `vectors` holds one row a node. A node that exists already throws. */
  add(nodes: readonly number[], vectors: Int8Array): void {
    this.index.add(BigUint64Array.from(nodes, BigInt), asGiven(vectors), THREADS);
  }

  remove(nodes: readonly number[]): void {
    this.index.remove(BigUint64Array.from(nodes, BigInt));
  }

  search(vector: Int8Array, count: number): Neighbours {
    if (vector.length !== this.dimensions) throw new RangeError('The vector has another number of dimensions.');
    const { keys, distances } = this.index.search(asGiven(vector), count, THREADS);
    return { nodes: Array.from(keys, Number), cosines: distances.map((distance) => 1 - distance) };
  }

  save(path: string): void {
    this.index.save(path);
  }

  /** Reads a graph to change it. */
  load(path: string): void {
    this.index.load(path);
  }

  /** Maps a graph to search it, letting go of the one mapped before. The file must not be changed in place. */
  view(path: string): void {
    this.index.view(path);
  }
}

/** Nearest rows of `rows` (as many as fit whole) to `vector`, by scanning them all. */
export function scanRows(rows: Int8Array, vector: Int8Array, limit: number): Neighbours {
  const count = Math.min(limit, rows.length / vector.length);
  if (count === 0) return { nodes: [], cosines: new Float32Array(0) };
  // The library reads from the start of the buffer, whatever the offset of the array.
  const whole = rows.byteOffset === 0 ? rows : rows.slice();
  const query = vector.byteOffset === 0 ? vector : vector.slice();
  const found = usearch.exactSearch(whole, query, vector.length, count, usearch.MetricKind.Cos, THREADS);
  return { nodes: Array.from(found.keys, Number), cosines: found.distances.map((distance) => 1 - distance) };
}

/**
 * The library converts byte vectors to floats and quantises them again, worse. It leaves an array alone
 * whose `constructor` is Float32Array; the native side then looks at the true type and takes the bytes as they are.
 */
function asGiven(vector: Int8Array): Int8Array {
  Object.defineProperty(vector, 'constructor', { value: Float32Array, configurable: true });
  return vector;
}
