import { setImmediate as nextTurn } from 'node:timers/promises';
import { freeBuffer } from './free-buffer.js';

/** The typed arrays a {@link GrowableArray} can hold. */
export type NumberArray = Uint8Array | Int8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

interface NumberArrayConstructor<T extends NumberArray> {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): T;
}

/** Elements copied before the event loop gets its turn: about half a millisecond. */
const COPIED_AT_ONCE = 512 * 1024;

/**
 * A typed array that doubles when it is full. Growing frees the old memory at once, so nobody may keep
 * `data`: read it anew after anything that may have added elements.
 */
export class GrowableArray<T extends NumberArray> {
  data: T;
  length = 0;

  constructor(
    private readonly type: NumberArrayConstructor<T>,
    capacity = 256,
  ) {
    this.data = new type(capacity);
  }

  push(value: number): void {
    if (this.length === this.data.length) this.reserve(1);
    this.data[this.length++] = value;
  }

  /** Makes room for `extra` more elements after the current end. */
  reserve(extra: number): void {
    const needed = this.length + extra;
    if (needed <= this.data.length) return;
    const grown = new this.type(Math.max(needed, this.data.length * 2));
    grown.set(this.data.subarray(0, this.length));
    freeBuffer(this.data);
    this.data = grown;
  }

  /** The filled part; shares memory with this array. */
  filled(): T {
    return this.data.subarray(0, this.length) as T;
  }

  /** A copy of the filled part in a buffer of its own, made without holding the event loop. Nothing may be added meanwhile. */
  async copied(): Promise<T> {
    const copy = new this.type(this.length);
    for (let start = 0; start < this.length; start += COPIED_AT_ONCE) {
      copy.set(this.data.subarray(start, Math.min(this.length, start + COPIED_AT_ONCE)), start);
      await nextTurn();
    }
    return copy;
  }

  /** Frees the memory; the array is of no use afterwards. */
  free(): void {
    freeBuffer(this.data);
    this.length = 0;
  }

  get bytes(): number {
    return this.data.byteLength;
  }
}
