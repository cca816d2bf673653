import type { ClusterEvents, StreamBatch } from '#libs/contracts';
import type { StreamReader, StreamSource } from './stream-source.js';

/** Not more than twenty batches a second for one stream. */
const gapMs = 50;
/** Told and not yet read by the client over there. */
const windowBytes = 64 * 1024;
const signOfLifeMs = 2_000;
/** So long without a word means that the other process is gone. */
export const silentMs = 6_000;
/** PostgreSQL carries less than 8,000 bytes; the rest is for ids and names. */
const batchBytes = 7_200;
/** UTF-16 units of an entry that are taken at once; as JSON they are 3,000 bytes at most, since entries hold no control characters. */
const pieceUnits = 1_000;

type Tell = (batch: StreamBatch) => Promise<void>;

/** Reads a stream of this process for a client that is connected to another one, and tells it there in batches. */
export class RemoteReader implements StreamReader {
  busy = false;
  /** Resolves when nothing more will be told. */
  readonly done: Promise<void>;
  private finish: () => void = () => undefined;
  private over = false;
  private telling = false;
  private timer: NodeJS.Timeout | undefined;
  private toldAt = -Infinity;
  private heardAt = performance.now();
  /** The last entry that was told whole, and what was told of the next one. */
  private told: number;
  private offset = 0;
  private read: number;
  private templates: StreamSource['templates'] | undefined;

  constructor(
    readonly id: string,
    private readonly source: StreamSource,
    after: number,
    private readonly tell: Tell,
  ) {
    this.done = new Promise((resolve) => {
      this.finish = resolve;
    });
    this.told = after;
    this.read = after;
    this.templates = source.templates;
  }

  get upTo(): number {
    return this.told;
  }

  wake(): void {
    this.busy = this.source.log.bytesAfter(this.read) > windowBytes;
    if (this.over || this.telling || this.timer) return;
    this.timer = setTimeout(() => void this.tellNext(), Math.max(0, this.toldAt + gapMs - performance.now()));
  }

  replace(): void {
    if (this.over) return;
    this.leave();
    void this.send({ entries: [], open: false, state: 'replaced' });
  }

  tick(now: number): void {
    if (this.over) return;
    if (now - this.heardAt > silentMs) this.leave();
    else if (now - this.toldAt > signOfLifeMs) this.wake();
  }

  /** What the other process says of its client. */
  hear({ upTo, left }: ClusterEvents['stream.read']): void {
    this.heardAt = performance.now();
    this.read = Math.min(Math.max(this.read, upTo), this.told);
    if (left) this.leave();
    if (!this.busy) return;
    this.wake();
    if (!this.busy) this.source.readerReady();
  }

  private leave(): void {
    this.over = true;
    clearTimeout(this.timer);
    this.source.detach(this);
    this.finish();
  }

  private async tellNext(): Promise<void> {
    this.timer = undefined;
    this.telling = true;
    const batch = this.fill();
    const [from, offset] = [this.told + 1, this.offset];
    this.advance(batch);
    const isLast = this.source.ended && this.told === this.source.log.last;
    await this.send({ ...batch, state: isLast ? 'ended' : 'goes on' }, from, offset);
    this.telling = false;
    if (isLast) this.leave();
    else if (this.told < this.source.log.last || this.source.ended) this.wake();
  }

  private fill(): { entries: string[]; open: boolean } {
    const { log } = this.source;
    const entries: string[] = [];
    let left = batchBytes - (this.templates ? Buffer.byteLength(JSON.stringify(this.templates)) : 0);
    let offset = this.offset;
    for (let number = this.told + 1; number <= log.last; number++) {
      const entry = log.entry(number);
      let end = offset;
      while (end < entry.length) {
        const next = Math.min(end + pieceUnits, entry.length);
        const bytes = Buffer.byteLength(JSON.stringify(entry.slice(end, next))) + 1;
        if (bytes > left) break;
        left -= bytes;
        end = next;
      }
      if (end > offset) entries.push(entry.slice(offset, end));
      if (end < entry.length) return { entries, open: end > offset };
      offset = 0;
    }
    return { entries, open: false };
  }

  private advance({ entries, open }: { entries: string[]; open: boolean }): void {
    const whole = entries.length - (open ? 1 : 0);
    if (whole > 0) this.offset = 0;
    this.told += whole;
    if (open) this.offset += entries.at(-1)?.length ?? 0;
  }

  private async send(batch: Pick<StreamBatch, 'entries' | 'open' | 'state'>, from = this.told + 1, offset = this.offset): Promise<void> {
    this.toldAt = performance.now();
    const templates = this.templates ? { templates: [...this.templates] } : {};
    this.templates = undefined;
    await this.tell({ reader: this.id, from, offset, ...batch, ...templates });
  }
}
