const firstBytes = 1_024;

/** Numbered entries in one piece of memory: a thousand tokens take about 20 kB. The oldest are forgotten above the limit. */
export class EventLog {
  private bytes = Buffer.allocUnsafeSlow(firstBytes);
  /** Where each kept entry ends. */
  private ends: number[] = [];

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
    return this.forgotten + this.ends.length;
  }

  get size(): number {
    return this.ends.at(-1) ?? 0;
  }

  /** Can everything after the entry `number` be read? */
  reachesBack(number: number): boolean {
    return number >= this.forgotten;
  }

  append(entry: string): void {
    // Three bytes a UTF-16 unit at most: counting them exactly is worth it for long entries only.
    const needed = this.size + (entry.length < 256 ? entry.length * 3 : Buffer.byteLength(entry));
    if (needed > this.bytes.length) this.resize(Math.max(needed, this.bytes.length * 2));
    this.ends.push(this.size + this.bytes.write(entry, this.size));
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
  }

  private resize(length: number): void {
    const larger = Buffer.allocUnsafeSlow(length);
    this.bytes.copy(larger, 0, 0, this.size);
    this.bytes = larger;
  }

  /** Down to half of the limit, so that it is rarely done. */
  private forget(): void {
    const enough = this.size - this.limit / 2;
    const found = this.ends.findIndex((end) => end >= enough);
    const count = Math.min(found + 1, this.ends.length - 1);
    const freed = this.ends[count - 1] ?? 0;
    this.bytes.copyWithin(0, freed, this.size);
    this.ends = this.ends.slice(count).map((end) => end - freed);
    this.forgotten += count;
  }
}
