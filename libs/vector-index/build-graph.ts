import { readFileSync, openSync, closeSync, linkSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { readExactly, summariseFile, writeArrayFile, type FileSummary } from '#libs/index-parts';
import { Hnsw } from './hnsw.js';
import { GRAPH_FILE, NODES_FILE, NO_CHUNK } from './vector-graph.js';

/** Vectors added in one native call: keeps progress and cancelling fine-grained. */
const BATCH_ROWS = 256;

export interface GraphTask {
  /** The segment's vectors, one row of `dimensions` bytes a chunk. */
  vectorsPath: string;
  dimensions: number;
  /** 1: this chunk belongs into the graph. */
  wanted: Uint8Array;
  /** Directory of a graph over some of the same chunks to start from. */
  seed: string | null;
  /** Existing directory for the result. */
  target: string;
  onProgress?: (done: number, total: number) => void;
}

/** Builds a graph over the wanted chunks, extending `seed` if there is one. For worker threads. */
export function buildGraph(task: GraphTask): FileSummary[] {
  const graph = new Hnsw(task.dimensions);
  const nodes = task.seed === null ? [] : loadSeed(graph, task.seed, task.wanted);
  const missing = missingChunks(task.wanted, nodes);
  const descriptor = openSync(task.vectorsPath, 'r');
  try {
    for (let start = 0; start < missing.length; start += BATCH_ROWS) {
      const batch = missing.slice(start, start + BATCH_ROWS);
      graph.add(
        batch.map((_, i) => nodes.length + i),
        readRows(descriptor, batch, task.dimensions),
      );
      nodes.push(...batch);
      task.onProgress?.(start + batch.length, missing.length);
    }
  } finally {
    closeSync(descriptor);
  }
  graph.save(join(task.target, GRAPH_FILE));
  return [
    summariseFile(task.target, GRAPH_FILE),
    writeArrayFile(join(task.target, NODES_FILE), Uint32Array.from(nodes)),
  ];
}

/**
 * Carries a graph over to a merged segment without touching the graph: the same file (linked, not
 * copied, where the file system can) with new ordinals. `remap[ordinal]` is -1 for a dropped chunk.
 */
export function renumberGraph(source: string, remap: Int32Array, target: string): FileSummary[] {
  const nodes = readNodes(source).map((ordinal) => {
    const to = ordinal === NO_CHUNK ? -1 : (remap[ordinal] as number);
    return to < 0 ? NO_CHUNK : to;
  });
  try {
    linkSync(join(source, GRAPH_FILE), join(target, GRAPH_FILE));
  } catch {
    // Not every file system has hard links.
    copyFileSync(join(source, GRAPH_FILE), join(target, GRAPH_FILE));
  }
  return [summariseFile(target, GRAPH_FILE), writeArrayFile(join(target, NODES_FILE), nodes)];
}

function loadSeed(graph: Hnsw, directory: string, wanted: Uint8Array): number[] {
  graph.load(join(directory, GRAPH_FILE));
  const nodes = Array.from(readNodes(directory));
  const dropped: number[] = [];
  nodes.forEach((ordinal, node) => {
    if (ordinal !== NO_CHUNK && wanted[ordinal] === 1) return;
    // A chunk dropped by a merge may still be in the graph; removing what is not there does nothing.
    dropped.push(node);
    nodes[node] = NO_CHUNK;
  });
  if (dropped.length > 0) graph.remove(dropped);
  return nodes;
}

function missingChunks(wanted: Uint8Array, nodes: readonly number[]): number[] {
  const missing = wanted.slice();
  for (const ordinal of nodes) if (ordinal !== NO_CHUNK) missing[ordinal] = 0;
  const ordinals: number[] = [];
  missing.forEach((flag, ordinal) => {
    if (flag === 1) ordinals.push(ordinal);
  });
  return ordinals;
}

function readRows(descriptor: number, ordinals: readonly number[], dimensions: number): Int8Array {
  const rows = new Int8Array(ordinals.length * dimensions);
  ordinals.forEach((ordinal, i) => {
    readExactly(descriptor, new Uint8Array(rows.buffer, i * dimensions, dimensions), ordinal * dimensions);
  });
  return rows;
}

function readNodes(directory: string): Uint32Array {
  return new Uint32Array(new Uint8Array(readFileSync(join(directory, NODES_FILE))).buffer);
}
