const firstBytes = 1_024;
const firstEntries = 64;
/** What is reserved when there is no room any more, beside what there is. */
const growth = 1.5;

/** Numbered entries in one piece of memory: a thousand tokens take about 20 kB. The oldest are forgotten above the limit. */
export class EventLog {
  /** What follows this number is kept whatever its size: somebody is about to read it. */
  keepAfter: () => number = () => Infinity;
  private bytes = Buffer.allocUnsafeSlow(firstBytes);
  /** Where each kept entry ends. */
  private ends = new Uint32Array(firstEntries);
  private count = 0;

  /**
   * @param limit bytes; the newest entry is kept whatever its size
   * @param forgotten number of the last entry that is not here; the first one appended gets the next number
   */
  constructor(
    private readonly limit: number,
    private forgotten = 0,
  ) {}

  /** Number of the newest entry; 0 before the first one. */
  get last(): number {
    return this.forgotten + this.count;
  }

  get size(): number {
    return this.ends[this.count - 1] ?? 0;
  }

  /** Can everything after the entry `number` be read? */
  reachesBack(number: number): boolean {
    return number >= this.forgotten;
  }

  append(entry: string): void {
    // Three bytes a UTF-16 unit at most: counting them exactly is worth it for long entries only.
    const needed = this.size + (entry.length < 256 ? entry.length * 3 : Buffer.byteLength(entry));
    if (needed > this.bytes.length) this.resize(Math.max(needed, Math.floor(this.bytes.length * growth)));
    if (this.count === this.ends.length) this.ends = larger(this.ends, Math.max(firstEntries, Math.floor(this.count * growth)));
    this.ends[this.count] = this.size + this.bytes.write(entry, this.size);
    this.count += 1;
    if (this.size > this.limit) this.forget();
  }

  entry(number: number): string {
    const index = number - this.forgotten - 1;
    return this.bytes.toString('utf8', this.ends[index - 1] ?? 0, this.ends[index]);
  }

  /** Bytes of the entries after `number`. */
  bytesAfter(number: number): number {
    return this.size - (this.ends[number - this.forgotten - 1] ?? 0);
  }

  /** Nothing is appended any more: gives back the memory that was reserved for it. */
  close(): void {
    if (this.bytes.length > this.size) this.resize(this.size);
    this.ends = this.ends.slice(0, this.count);
  }

  private resize(length: number): void {
    const resized = Buffer.allocUnsafeSlow(length);
    this.bytes.copy(resized, 0, 0, this.size);
    this.bytes = resized;
  }

  /** Down to half of the limit, so that it is rarely done. */
  private forget(): void {
    const read = Math.min(this.keepAfter() - this.forgotten, this.count - 1);
    if (read <= 0) return;
    const enough = this.size - this.limit / 2;
    const found = this.ends.findIndex((end) => end >= enough);
    const count = Math.min(found + 1, read);
    const freed = this.ends[count - 1] ?? 0;
    this.bytes.copyWithin(0, freed, this.size);
    this.ends = this.ends.slice(count, this.count).map((end) => end - freed);
    this.count -= count;
    this.forgotten += count;
  }
}

function larger(array: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(length);
  grown.set(array);
  return grown;
}
