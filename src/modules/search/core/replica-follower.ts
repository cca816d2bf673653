import type { IndexReplica } from '#libs/index-replica';
import type { IndexSource } from '../index-source.js';
import { SeqAheadError } from '../search.errors.js';

const rowsPerRead = 500;

interface Waiter {
  seq: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Keeps one replica up to date with the log. Any number of callers may ask at once: one read runs, and those who ask
 * for a later `seq` than it reaches wait for the next.
 */
export class ReplicaFollower {
  private running: Promise<void> | undefined;
  private waiters: Waiter[] = [];
  private stopped = false;
  private broken = false;

  /** @param onError told why the log cannot be followed: once until it can again */
  constructor(
    readonly replica: IndexReplica,
    private readonly source: IndexSource,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** The last attempt to follow the log failed: somebody should ask again. */
  get failing(): boolean {
    return this.broken;
  }

  /** Resolves when the replica has applied `seq`; without it, everything that is in the log now. */
  async catchUp(seq?: number): Promise<void> {
    const target = seq ?? (await this.end());
    if (this.replica.seq >= target) return;
    return new Promise<void>((resolve, reject) => {
      this.waiters.push({ seq: target, resolve, reject });
      this.start();
    });
  }

  /** Like catchUp, for a `seq` that a client names. @throws SeqAheadError when the log does not have it */
  async reach(seq: number): Promise<void> {
    if (this.replica.seq >= seq) return;
    const { last } = await this.source.bounds();
    if (last < seq) throw new SeqAheadError(seq, last);
    await this.catchUp(seq);
  }

  /** Ends following; waits for the read under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running?.catch(() => undefined);
  }

  private async end(): Promise<number> {
    try {
      return (await this.source.bounds()).last;
    } catch (error) {
      this.tell(error);
      throw error;
    }
  }

  private start(): void {
    if (this.running || this.waiters.length === 0) return;
    this.running = this.readOnce()
      .then(
        () => this.settle(),
        (error: unknown) => this.fail(error),
      )
      .finally(() => {
        this.running = undefined;
        this.start();
      });
  }

  private async readOnce(): Promise<void> {
    if (this.stopped) throw new Error('the index replica is closed');
    const rows = await this.source.changesAfter(this.replica.seq, rowsPerRead);
    const newest = rows.at(-1)?.seq;
    if (newest === undefined) throw new Error(`the index log ends at ${this.replica.seq}, before a seq that was committed`);
    // No gap, nothing trimmed; a gap may be a rolled back number, or rows that are gone.
    if (rows[0]?.seq !== this.replica.seq + 1 || (this.replica.seq === 0 && rows.length === rowsPerRead)) {
      const { last, trimmedThrough } = await this.source.bounds();
      if (this.replica.seq < trimmedThrough || this.replica.seq === 0) return this.reload(last);
    }
    // A document changed twice is loaded once: what counts is how it stands now.
    const changed = [...new Set(rows.map((row) => row.document))];
    await this.applyAsTheyStand(changed, newest);
  }

  /** From the tables instead of the log: shorter than replaying a long one, and the only way when it was trimmed. */
  private async reload(seq: number): Promise<void> {
    const known = new Set(this.replica.documentKeys());
    for await (const entry of this.source.loadAll()) {
      known.delete(entry.document);
      await this.replica.apply(this.replica.seq, { put: entry });
    }
    for (const document of known) await this.replica.apply(this.replica.seq, { remove: document });
    await this.replica.advance(seq);
  }

  private async applyAsTheyStand(documents: number[], seq: number): Promise<void> {
    const gone = new Set(documents);
    for await (const entry of this.source.load(documents)) {
      gone.delete(entry.document);
      await this.replica.apply(this.replica.seq, { put: entry });
    }
    for (const document of gone) await this.replica.apply(this.replica.seq, { remove: document });
    await this.replica.advance(seq);
  }

  private settle(): void {
    this.broken = false;
    const done = this.waiters.filter((waiter) => waiter.seq <= this.replica.seq);
    this.waiters = this.waiters.filter((waiter) => waiter.seq > this.replica.seq);
    for (const waiter of done) waiter.resolve();
  }

  private fail(error: unknown): void {
    if (!this.stopped) this.tell(error);
    const failed = this.waiters;
    this.waiters = [];
    for (const waiter of failed) waiter.reject(error);
  }

  private tell(error: unknown): void {
    if (!this.broken) this.onError(error);
    this.broken = true;
  }
}
