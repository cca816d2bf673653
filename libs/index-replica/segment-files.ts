import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FileWriter, syncDirectory, writeArrayFile, type FileSummary } from '#libs/index-parts';

/** Files of a segment beside those of its keyword part. All arrays little-endian. */
export const SEGMENT_FILES = {
  keys: 'keys.bin',
  documents: 'documents.bin',
  collections: 'collections.bin',
  starts: 'starts.bin',
  order: 'order.bin',
  vectors: 'vectors.bin',
  present: 'present.bin',
} as const;

/** Where a directory is written before it gets its name. */
export const temporaryOf = (name: string): string => `${name}.tmp`;

/** Creates a directory under a temporary name, has it filled, makes it durable and gives it its name. */
export function writeDirectory(path: string, fill: (temporary: string) => FileSummary[]): FileSummary[] {
  const temporary = temporaryOf(path);
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary);
  const files = fill(temporary);
  syncDirectory(temporary);
  renameSync(temporary, path);
  syncDirectory(dirname(path));
  return files;
}

/** Columns from which a segment takes some chunks. */
export interface ColumnSource {
  keys: Float64Array;
  documentOf: Uint32Array;
  documents: Float64Array;
  collections: Float64Array;
}

/** Collects the columns of a new segment, chunk by chunk, and writes them with the vectors. */
export class SegmentColumnsWriter {
  private readonly vectors: FileWriter;
  private readonly keys: Float64Array;
  private readonly present: Uint8Array;
  private readonly documents: number[] = [];
  private readonly collections: number[] = [];
  private readonly starts: number[] = [];
  private filled = 0;

  constructor(
    private readonly directory: string,
    chunks: number,
  ) {
    this.vectors = new FileWriter(join(directory, SEGMENT_FILES.vectors));
    this.keys = new Float64Array(chunks);
    this.present = new Uint8Array(chunks);
  }

  /** Adds the next chunk. `opens`: it is the first of its document in this segment. */
  add(source: ColumnSource, ordinal: number, opens: boolean, row: Int8Array, present: number): void {
    if (opens) {
      const slot = source.documentOf[ordinal] as number;
      this.documents.push(source.documents[slot] as number);
      this.collections.push(source.collections[slot] as number);
      this.starts.push(this.filled);
    }
    this.keys[this.filled] = source.keys[ordinal] as number;
    this.present[this.filled++] = present;
    this.vectors.write(row);
  }

  finish(): FileSummary[] {
    const { documents } = this;
    const order = Uint32Array.from(documents.keys()).sort(
      (a, b) => (documents[a] as number) - (documents[b] as number) || a - b,
    );
    const write = (name: string, data: ArrayBufferView) => writeArrayFile(join(this.directory, name), data);
    return [
      this.vectors.finish(),
      write(SEGMENT_FILES.keys, this.keys),
      write(SEGMENT_FILES.present, this.present),
      write(SEGMENT_FILES.documents, Float64Array.from(documents)),
      write(SEGMENT_FILES.collections, Float64Array.from(this.collections)),
      write(SEGMENT_FILES.starts, Uint32Array.from([...this.starts, this.filled])),
      write(SEGMENT_FILES.order, order),
    ];
  }
}
