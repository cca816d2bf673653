import { readFileSync, openSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { readExactly, type FileSummary } from '#libs/index-parts';
import { mergeKeywordSegments, writeKeywordTail } from '#libs/keyword-index';
import { renumberGraph } from '#libs/vector-index';
import { SEGMENT_FILES, SegmentColumnsWriter, writeDirectory, type ColumnSource } from './segment-files.js';
import type { TailData } from './tail-part.js';

/** Rows read from a source's vectors at a time while merging. */
const ROWS_PER_READ = 512;

export interface WrittenSegment {
  name: string;
  files: FileSummary[];
}

/** Writes the live chunks of a tail as one segment, or several if there are more than `most`. */
export function writeTail(root: string, tail: TailData, dimensions: number, names: string[], most: number): WrittenSegment[] {
  const kept: number[] = [];
  for (let ordinal = 0; ordinal < tail.keys.length; ordinal++) {
    if (tail.live[tail.documentOf[ordinal] as number] === 1) kept.push(ordinal);
  }
  const written: WrittenSegment[] = [];
  for (let start = 0; start < kept.length; start += most) {
    const name = names[written.length] as string;
    const chunks = kept.slice(start, start + most);
    const files = writeDirectory(join(root, name), (directory) => writeTailSlice(directory, tail, dimensions, chunks));
    written.push({ name, files });
  }
  return written;
}

function writeTailSlice(directory: string, tail: TailData, dimensions: number, chunks: number[]): FileSummary[] {
  const remap = new Int32Array(tail.keys.length).fill(-1);
  const columns = new SegmentColumnsWriter(directory, chunks.length);
  let slot = -1;
  chunks.forEach((ordinal, to) => {
    remap[ordinal] = to;
    const row = tail.vectors.rows.subarray(ordinal * dimensions, (ordinal + 1) * dimensions);
    columns.add(tail, ordinal, tail.documentOf[ordinal] !== slot, row, tail.vectors.present[ordinal] as number);
    slot = tail.documentOf[ordinal] as number;
  });
  return [...columns.finish(), ...writeKeywordTail(tail.keyword, remap, chunks.length, directory)];
}

export interface MergeSource {
  name: string;
  /** 1 for each slot to keep. */
  live: Uint8Array;
  /** Directory of its graph, if that is to be carried over. */
  graph: string | null;
}

export interface MergeResult {
  segment: WrittenSegment;
  graph: WrittenSegment | null;
}

/** Merges segments into the segment `name`, leaving removed documents out; at most one source may bring a graph. */
export function mergeSegments(
  root: string,
  sources: readonly MergeSource[],
  dimensions: number,
  target: { segment: string; graph: string },
): MergeResult {
  const inputs = sources.map((source) => openColumns(join(root, source.name)));
  let chunks = 0;
  const remaps = inputs.map((input, index) =>
    Int32Array.from(input.keys, (_, ordinal) =>
      sources[index]?.live[input.documentOf[ordinal] as number] === 1 ? chunks++ : -1,
    ),
  );
  const files = writeDirectory(join(root, target.segment), (directory) => {
    const columns = new SegmentColumnsWriter(directory, chunks);
    inputs.forEach((input, index) => copyColumns(columns, input, remaps[index] as Int32Array, dimensions));
    const keywords = sources.map((source, index) => ({
      directory: join(root, source.name),
      remap: remaps[index] as Int32Array,
    }));
    return [...columns.finish(), ...mergeKeywordSegments(keywords, chunks, directory)];
  });
  const carried = sources.findIndex((source) => source.graph !== null);
  const from = sources[carried]?.graph;
  const graph = from
    ? {
        name: target.graph,
        files: writeDirectory(join(root, target.graph), (directory) =>
          renumberGraph(join(root, from), remaps[carried] as Int32Array, directory),
        ),
      }
    : null;
  return { segment: { name: target.segment, files }, graph };
}

interface StoredColumns extends ColumnSource {
  present: Uint8Array;
  vectorsPath: string;
}

function openColumns(directory: string): StoredColumns {
  const read = (name: string) => new Uint8Array(readFileSync(join(directory, name))).buffer;
  const keys = new Float64Array(read(SEGMENT_FILES.keys));
  const starts = new Uint32Array(read(SEGMENT_FILES.starts));
  const documentOf = new Uint32Array(keys.length);
  for (let slot = 0; slot + 1 < starts.length; slot++) documentOf.fill(slot, starts[slot], starts[slot + 1]);
  return {
    keys,
    documentOf,
    documents: new Float64Array(read(SEGMENT_FILES.documents)),
    collections: new Float64Array(read(SEGMENT_FILES.collections)),
    present: new Uint8Array(read(SEGMENT_FILES.present)),
    vectorsPath: join(directory, SEGMENT_FILES.vectors),
  };
}

function copyColumns(columns: SegmentColumnsWriter, input: StoredColumns, remap: Int32Array, dimensions: number): void {
  const descriptor = openSync(input.vectorsPath, 'r');
  const rows = new Int8Array(ROWS_PER_READ * dimensions);
  try {
    let slot = -1;
    for (let start = 0; start < remap.length; start += ROWS_PER_READ) {
      const count = Math.min(ROWS_PER_READ, remap.length - start);
      readExactly(descriptor, new Uint8Array(rows.buffer, 0, count * dimensions), start * dimensions);
      for (let i = 0; i < count; i++) {
        const ordinal = start + i;
        if ((remap[ordinal] as number) < 0) continue;
        const opens = input.documentOf[ordinal] !== slot;
        slot = input.documentOf[ordinal] as number;
        columns.add(input, ordinal, opens, rows.subarray(i * dimensions, (i + 1) * dimensions), input.present[ordinal] as number);
      }
    }
  } finally {
    closeSync(descriptor);
  }
}
