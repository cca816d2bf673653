import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { BrokenFileError, loadVerified, readExactly, verifyFile, type FileSummary } from '#libs/index-parts';
import { KeywordPart, PostingsBuffer, type Postings } from './keyword-part.js';
import {
  LENGTHS_FILE,
  POSTINGS_FILE,
  RECORD_ALIGNMENT,
  RECORD_HEAD_BYTES,
  TERMS_FILE,
} from './keyword-segment-writer.js';
import { hashTerm, isTerm } from './term-hash.js';

/** Room for the head and the longest term of a record. */
const HEAD_AND_TERM_BYTES = 520;
const headBuffer = new PostingsBuffer();

/**
 * An immutable keyword segment. In memory: 8 bytes a term and 4 a chunk. Postings are read from the
 * file when a query names the term; the operating system's page cache keeps the ones in use.
 */
export class KeywordSegment extends KeywordPart {
  private constructor(
    private readonly descriptor: number,
    readonly lengths: Uint32Array,
    private readonly hashes: Uint32Array,
    private readonly offsets: Uint32Array,
  ) {
    super();
    this.liveChunks = lengths.length;
    for (const length of lengths) this.liveLength += length;
  }

  /** Opens the segment in `directory`, verifying every file against its summary. */
  static async open(directory: string, files: readonly FileSummary[]): Promise<KeywordSegment> {
    const file = (name: string): FileSummary => {
      const found = files.find((candidate) => candidate.name === name);
      if (found === undefined) throw new BrokenFileError(`${directory} has no ${name}.`);
      return found;
    };
    const terms = new Uint32Array(await loadVerified(directory, file(TERMS_FILE)));
    const lengths = new Uint32Array(await loadVerified(directory, file(LENGTHS_FILE)));
    await verifyFile(directory, file(POSTINGS_FILE));
    const count = (terms.length - 1) / 2;
    const descriptor = openSync(join(directory, POSTINGS_FILE), 'r');
    return new KeywordSegment(descriptor, lengths, terms.subarray(0, count), terms.subarray(count));
  }

  get chunks(): number {
    return this.lengths.length;
  }

  /** Memory held, in bytes. */
  get bytes(): number {
    return this.lengths.byteLength + this.hashes.byteLength + this.offsets.byteLength;
  }

  postings(term: string, buffer: PostingsBuffer): Postings | null {
    const hash = hashTerm(term);
    for (let i = this.firstWithHash(hash); this.hashes[i] === hash; i++) {
      this.read(i, this.recordBytes(i), buffer);
      const units = unitsOfTerm(buffer, term);
      if (units < 0) continue;
      const count = countOf(buffer);
      const firstOrdinal = RECORD_HEAD_BYTES / 2 + units;
      return { count, ordinals: buffer.shorts, firstOrdinal, frequencies: buffer.bytes, firstFrequency: (firstOrdinal + count) * 2 };
    }
    return null;
  }

  rawFrequency(term: string): number {
    const hash = hashTerm(term);
    for (let i = this.firstWithHash(hash); this.hashes[i] === hash; i++) {
      this.read(i, Math.min(this.recordBytes(i), HEAD_AND_TERM_BYTES), headBuffer);
      if (unitsOfTerm(headBuffer, term) >= 0) return countOf(headBuffer);
    }
    return 0;
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private recordBytes(index: number): number {
    return ((this.offsets[index + 1] as number) - (this.offsets[index] as number)) * RECORD_ALIGNMENT;
  }

  private read(index: number, bytes: number, buffer: PostingsBuffer): void {
    buffer.reserve(bytes);
    readExactly(this.descriptor, buffer.bytes, (this.offsets[index] as number) * RECORD_ALIGNMENT, bytes);
  }

  private firstWithHash(hash: number): number {
    let low = 0;
    let high = this.hashes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.hashes[middle] as number) < hash) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const countOf = (record: PostingsBuffer): number => record.longs[0] as number;

/** Length of the record's term if it is this one, else -1. */
function unitsOfTerm({ shorts }: PostingsBuffer, term: string): number {
  const units = shorts[2] as number;
  return isTerm(term, shorts, RECORD_HEAD_BYTES / 2, units) ? units : -1;
}
