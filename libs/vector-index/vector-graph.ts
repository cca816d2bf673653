import { BrokenFileError, loadVerified, verifyFile, type FileSummary } from '#libs/index-parts';
import { join } from 'node:path';
import { Hnsw, type Neighbours } from './hnsw.js';

export const GRAPH_FILE = 'graph.usearch';
export const NODES_FILE = 'nodes.bin';

/** A node that stands for no chunk any more. */
export const NO_CHUNK = 0xffffffff;

/**
 * Mapped graphs nobody uses, to be used again: the library never gives back what a discarded object
 * mapped, whereas mapping another file with the same object lets the old one go.
 */
const idle = new Map<number, Hnsw[]>();

/** One mapped file, shared by the graphs that number its nodes differently; returned when all have let go. */
class Mapping {
  private users = 1;

  constructor(
    readonly hnsw: Hnsw,
    private readonly dimensions: number,
  ) {}

  retain(): this {
    this.users++;
    return this;
  }

  release(): void {
    if (--this.users > 0) return;
    const spare = idle.get(this.dimensions) ?? [];
    idle.set(this.dimensions, spare);
    spare.push(this.hnsw);
  }
}

/**
 * A memory-mapped HNSW graph over some chunks of a segment: `nodes[node]` is the chunk's ordinal.
 * Chunks it does not cover are scanned.
 */
export class VectorGraph {
  /** 1: the graph holds this chunk. */
  readonly covered: Uint8Array;
  readonly coveredChunks: number;
  private users = 1;

  private constructor(
    private readonly mapping: Mapping,
    private readonly nodes: Uint32Array,
    chunks: number,
    /** Size of the mapped file. */
    readonly mappedBytes: number,
  ) {
    this.covered = new Uint8Array(chunks);
    let count = 0;
    for (const ordinal of nodes) {
      if (ordinal === NO_CHUNK) continue;
      this.covered[ordinal] = 1;
      count++;
    }
    this.coveredChunks = count;
  }

  /** Maps the graph in `directory`, verifying its files. `chunks`: how many the segment has. */
  static async open(
    directory: string,
    files: readonly FileSummary[],
    dimensions: number,
    chunks: number,
  ): Promise<VectorGraph> {
    const graph = files.find((file) => file.name === GRAPH_FILE);
    const nodes = files.find((file) => file.name === NODES_FILE);
    if (graph === undefined || nodes === undefined) throw new BrokenFileError(`${directory} is not complete.`);
    await verifyFile(directory, graph);
    const ordinals = new Uint32Array(await loadVerified(directory, nodes));
    const hnsw = idle.get(dimensions)?.pop() ?? new Hnsw(dimensions);
    hnsw.view(join(directory, GRAPH_FILE));
    return new VectorGraph(new Mapping(hnsw, dimensions), ordinals, chunks, graph.bytes);
  }

  get size(): number {
    return this.nodes.length;
  }

  get bytes(): number {
    return this.nodes.byteLength + this.covered.byteLength;
  }

  /** The same graph for a segment that numbers the chunks differently (after a merge). */
  async renumbered(directory: string, nodes: FileSummary, chunks: number): Promise<VectorGraph> {
    const ordinals = new Uint32Array(await loadVerified(directory, nodes));
    return new VectorGraph(this.mapping.retain(), ordinals, chunks, this.mappedBytes);
  }

  /** The `count` nearest nodes; those of removed chunks ({@link NO_CHUNK}) among them. */
  nearest(vector: Int8Array, count: number): Neighbours {
    const found = this.mapping.hnsw.search(vector, Math.min(count, this.nodes.length));
    return { nodes: found.nodes.map((node) => this.nodes[node] ?? NO_CHUNK), cosines: found.cosines };
  }

  /** Keeps the file mapped until {@link release}; whoever searches later does so. */
  retain(): void {
    this.users++;
  }

  release(): void {
    if (--this.users === 0) this.mapping.release();
  }
}
