/** The typed arrays a {@link GrowableArray} can hold. */
export type NumberArray = Uint8Array | Int8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

interface NumberArrayConstructor<T extends NumberArray> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: SharedArrayBuffer, byteOffset?: number, length?: number): T;
}

/**
 * A typed array that doubles when it is full. Its memory is shared, so that a worker thread can
 * read a finished array without a copy. `data` changes when the array grows: read it anew after a push.
 */
export class GrowableArray<T extends NumberArray> {
  data: T;
  length = 0;

  constructor(
    private readonly type: NumberArrayConstructor<T>,
    capacity = 256,
  ) {
    this.data = this.allocate(capacity);
  }

  push(value: number): void {
    if (this.length === this.data.length) this.reserve(1);
    this.data[this.length++] = value;
  }

  /** Makes room for `extra` more elements after the current end. */
  reserve(extra: number): void {
    const needed = this.length + extra;
    if (needed <= this.data.length) return;
    const grown = this.allocate(Math.max(needed, this.data.length * 2));
    grown.set(this.data.subarray(0, this.length));
    this.data = grown;
  }

  /** The filled part; shares memory with this array until it grows. */
  filled(): T {
    return new this.type(this.data.buffer as SharedArrayBuffer, 0, this.length);
  }

  get bytes(): number {
    return this.data.byteLength;
  }

  private allocate(capacity: number): T {
    return new this.type(new SharedArrayBuffer(capacity * this.type.BYTES_PER_ELEMENT));
  }
}
