import { join } from 'node:path';
import { FileWriter, GrowableArray, writeArrayFile, type FileSummary } from '#libs/index-parts';

/** Chunks of one segment: ordinals fit 16 bits. */
export const MAX_SEGMENT_CHUNKS = 65_536;

/** Records start at multiples of this, so that offsets fit 32 bits up to 16 GB. */
export const RECORD_ALIGNMENT = 4;
/** A record's fixed head: chunk count (u32), code units of the term (u16). */
export const RECORD_HEAD_BYTES = 6;

export const POSTINGS_FILE = 'postings.bin';
export const TERMS_FILE = 'terms.bin';
export const LENGTHS_FILE = 'lengths.bin';

/** A term with its postings, ordinals ascending. */
export interface TermRecord {
  hash: number;
  units: Uint16Array;
  ordinals: Uint16Array;
  frequencies: Uint8Array;
}

/**
 * Writes a keyword segment, term by term in the order of (hash, {@link compareUnits}).
 *
 * `postings.bin` holds one record a term: head, code units, ordinals (u16), occurrences (u8), padding.
 * `terms.bin` holds the hashes (u32, ascending), then the record offsets in units of four bytes (u32, one
 * more than terms): the only part a reader keeps in memory. `lengths.bin` holds the chunk lengths (u32).
 * All little-endian, as every machine Node.js supports.
 */
export class KeywordSegmentWriter {
  private readonly postings: FileWriter;
  private readonly hashes = new GrowableArray(Uint32Array, 4096);
  private readonly offsets = new GrowableArray(Uint32Array, 4096);
  private readonly head = new DataView(new ArrayBuffer(RECORD_HEAD_BYTES));

  constructor(private readonly directory: string) {
    this.postings = new FileWriter(join(directory, POSTINGS_FILE));
  }

  add(record: TermRecord): void {
    this.hashes.push(record.hash);
    this.offsets.push(this.postings.position / RECORD_ALIGNMENT);
    this.head.setUint32(0, record.ordinals.length, true);
    this.head.setUint16(4, record.units.length, true);
    this.postings.write(this.head);
    this.postings.write(record.units);
    this.postings.write(record.ordinals);
    this.postings.write(record.frequencies);
    const beyond = this.postings.position % RECORD_ALIGNMENT;
    if (beyond > 0) this.postings.write(new Uint8Array(RECORD_ALIGNMENT - beyond));
  }

  finish(lengths: Uint32Array): FileSummary[] {
    this.offsets.push(this.postings.position / RECORD_ALIGNMENT);
    const terms = new FileWriter(join(this.directory, TERMS_FILE));
    terms.write(this.hashes.filled());
    terms.write(this.offsets.filled());
    return [this.postings.finish(), terms.finish(), writeArrayFile(join(this.directory, LENGTHS_FILE), lengths)];
  }
}
