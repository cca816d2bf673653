import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readExactly, type FileSummary } from '#libs/index-parts';
import {
  KeywordSegmentWriter,
  LENGTHS_FILE,
  POSTINGS_FILE,
  RECORD_ALIGNMENT,
  RECORD_HEAD_BYTES,
  TERMS_FILE,
  type TermRecord,
} from './keyword-segment-writer.js';
import { compareUnits } from './term-hash.js';

/** One segment to merge. `remap[ordinal]` is the chunk's ordinal in the result, -1 leaves it out. */
export interface KeywordMergeSource {
  directory: string;
  remap: Int32Array;
}

/**
 * Merges segments into a new one, term by term as a stream. Results' ordinals must be ascending over
 * the sources in their order. Memory: the term tables and one record a source. For worker threads.
 */
export function mergeKeywordSegments(
  sources: readonly KeywordMergeSource[],
  chunks: number,
  directory: string,
): FileSummary[] {
  const writer = new KeywordSegmentWriter(directory);
  const cursors = sources.map((source) => new RecordCursor(source));
  const lengths = new Uint32Array(chunks);
  const ordinals = new Uint16Array(chunks);
  const frequencies = new Uint8Array(chunks);
  try {
    for (const cursor of cursors) cursor.copyLengths(lengths);
    for (let first = smallest(cursors); first !== null; first = smallest(cursors)) {
      const { hash, units } = first;
      let count = 0;
      for (const cursor of cursors) {
        const record = cursor.current;
        if (record === null || record.hash !== hash || compareUnits(record.units, units) !== 0) continue;
        count = cursor.append(ordinals, frequencies, count);
      }
      if (count > 0) {
        writer.add({ hash, units, ordinals: ordinals.subarray(0, count), frequencies: frequencies.subarray(0, count) });
      }
      for (const cursor of cursors) cursor.advancePast(hash, units);
    }
  } finally {
    for (const cursor of cursors) cursor.close();
  }
  return writer.finish(lengths);
}

/** A copy of the smallest current term: its own buffers are reused when the cursors move. */
function smallest(cursors: readonly RecordCursor[]): { hash: number; units: Uint16Array } | null {
  let best: TermRecord | null = null;
  for (const { current } of cursors) {
    if (current === null) continue;
    if (best === null || current.hash < best.hash) best = current;
    else if (current.hash === best.hash && compareUnits(current.units, best.units) < 0) best = current;
  }
  return best === null ? null : { hash: best.hash, units: best.units.slice() };
}

/** Walks a segment's records in file order. */
class RecordCursor {
  current: TermRecord | null = null;
  private readonly descriptor: number;
  private readonly hashes: Uint32Array;
  private readonly offsets: Uint32Array;
  private window = new ArrayBuffer(128 * 1024);
  private windowStart = 0;
  private windowEnd = 0;
  private next = 0;

  constructor(private readonly source: KeywordMergeSource) {
    const terms = readAll(join(source.directory, TERMS_FILE));
    const count = (terms.length - 1) / 2;
    this.hashes = terms.subarray(0, count);
    this.offsets = terms.subarray(count);
    this.descriptor = openSync(join(source.directory, POSTINGS_FILE), 'r');
    this.advance();
  }

  copyLengths(target: Uint32Array): void {
    const lengths = readAll(join(this.source.directory, LENGTHS_FILE));
    this.source.remap.forEach((to, from) => {
      if (to >= 0) target[to] = lengths[from] as number;
    });
  }

  /** Appends the current record's kept postings from `count` on; returns the new count. */
  append(ordinals: Uint16Array, frequencies: Uint8Array, count: number): number {
    const record = this.current as TermRecord;
    for (let i = 0; i < record.ordinals.length; i++) {
      const ordinal = this.source.remap[record.ordinals[i] as number] as number;
      if (ordinal < 0) continue;
      ordinals[count] = ordinal;
      frequencies[count++] = record.frequencies[i] as number;
    }
    return count;
  }

  advancePast(hash: number, units: Uint16Array): void {
    if (this.current?.hash === hash && compareUnits(this.current.units, units) === 0) this.advance();
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private advance(): void {
    const index = this.next++;
    if (index >= this.hashes.length) {
      this.current = null;
      return;
    }
    const start = (this.offsets[index] as number) * RECORD_ALIGNMENT;
    const end = (this.offsets[index + 1] as number) * RECORD_ALIGNMENT;
    if (end > this.windowEnd) this.fill(start, end);
    const at = start - this.windowStart;
    const head = new DataView(this.window, at, RECORD_HEAD_BYTES);
    const count = head.getUint32(0, true);
    const units = head.getUint16(4, true);
    const postings = at + RECORD_HEAD_BYTES + units * 2;
    this.current = {
      hash: this.hashes[index] as number,
      units: new Uint16Array(this.window, at + RECORD_HEAD_BYTES, units),
      ordinals: new Uint16Array(this.window, postings, count),
      frequencies: new Uint8Array(this.window, postings + count * 2, count),
    };
  }

  private fill(start: number, end: number): void {
    if (end - start > this.window.byteLength) this.window = new ArrayBuffer((end - start) * 2);
    const fileEnd = (this.offsets.at(-1) as number) * RECORD_ALIGNMENT;
    this.windowStart = start;
    this.windowEnd = Math.min(fileEnd, start + this.window.byteLength);
    readExactly(this.descriptor, new Uint8Array(this.window, 0, this.windowEnd - start), start);
  }
}

function readAll(path: string): Uint32Array {
  const content = readFileSync(path);
  // A small file may come from Node's shared pool at any offset: copy to an aligned buffer.
  return new Uint32Array(new Uint8Array(content).buffer);
}
