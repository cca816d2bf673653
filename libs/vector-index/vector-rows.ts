import { closeSync, openSync } from 'node:fs';
import { GrowableArray, readExactly } from '#libs/index-parts';
import { checkVector, quantise } from './quantise.js';

/** Quantised vectors by ordinal, wherever they are. */
export interface VectorRows {
  readonly dimensions: number;
  /** 1: the chunk has a vector. */
  readonly present: Uint8Array;
  /** Copies `count` rows from `first` on to `target`, at `at` bytes. */
  copy(first: number, count: number, target: Int8Array, at: number): void;
}

/** The vectors of the changing tail: in memory. */
export class MemoryRows implements VectorRows {
  private readonly rows: GrowableArray<Int8Array>;
  private readonly flags = new GrowableArray(Uint8Array);

  constructor(readonly dimensions: number) {
    this.rows = new GrowableArray(Int8Array, dimensions * 32);
  }

  get present(): Uint8Array {
    return this.flags.data;
  }

  get bytes(): number {
    return this.rows.bytes + this.flags.bytes;
  }

  /** Adds the next chunk's vector; null and all-zero mean that it has none. */
  add(vector: Float32Array | null): void {
    if (vector !== null) checkVector(vector, this.dimensions);
    this.rows.reserve(this.dimensions);
    const has = vector !== null && quantise(vector, this.rows.data, this.rows.length);
    this.rows.length += this.dimensions;
    this.flags.push(has ? 1 : 0);
  }

  copy(first: number, count: number, target: Int8Array, at: number): void {
    target.set(this.rows.data.subarray(first * this.dimensions, (first + count) * this.dimensions), at);
  }

  /** Copies the content for a worker. Nothing may be added meanwhile or afterwards. */
  async data(): Promise<{ rows: Int8Array; present: Uint8Array }> {
    return { rows: await this.rows.copied(), present: await this.flags.copied() };
  }

  /** Frees the memory; the rows are of no use afterwards. */
  free(): void {
    this.rows.free();
    this.flags.free();
  }
}

/** The vectors of a segment: in a file, read when a scan needs them (the page cache keeps what is in use). */
export class FileRows implements VectorRows {
  private readonly descriptor: number;

  constructor(
    path: string,
    readonly dimensions: number,
    readonly present: Uint8Array,
  ) {
    this.descriptor = openSync(path, 'r');
  }

  copy(first: number, count: number, target: Int8Array, at: number): void {
    const bytes = new Uint8Array(target.buffer, target.byteOffset + at, count * this.dimensions);
    readExactly(this.descriptor, bytes, first * this.dimensions);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
