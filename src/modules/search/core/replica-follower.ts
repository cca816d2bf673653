import type { LogPosition } from '#libs/index-replica';
import type { ThreadReplica } from '#libs/index-thread';
import type { IndexBounds, IndexSource } from '../index-source.js';
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
  private left = false;

  /** @param onError told why the log cannot be followed: once until it can again */
  constructor(
    readonly replica: ThreadReplica,
    /** The embedding of the replica's vectors. */
    readonly vectorSpace: string,
    private readonly source: IndexSource,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** The last attempt to follow the log failed: somebody should ask again. */
  get failing(): boolean {
    return this.broken;
  }

  /** True once the tenant's searches have moved to another vector space: a replica in that one is to take this one's place. */
  get outdated(): boolean {
    return this.left;
  }

  /** Resolves when the replica has applied `seq`; without it, everything that is in the log now, which is then known to be the same log. */
  async catchUp(seq?: number): Promise<void> {
    if (seq === undefined) return this.catchUpWithAll();
    if (this.replica.seq < seq) await this.wait(seq);
  }

  /** Like catchUp, for a `seq` that a client names. @throws SeqAheadError when the log does not have it */
  async reach(seq: number): Promise<void> {
    if (this.replica.seq >= seq) return;
    const { last } = await this.bounds();
    if (last < seq) throw new SeqAheadError(seq, last);
    await this.catchUp(seq);
  }

  /** Catches up for the first time. When that fails, or `signal` gives it up (it takes long when all is read from the tables), the replica is closed. */
  async begin(signal: AbortSignal): Promise<void> {
    // Should closing fail, the one below hears of it.
    const giveUp = () => void this.close().catch(() => undefined);
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      signal.throwIfAborted();
      await this.catchUp();
    } catch (error) {
      await this.close();
      throw error;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  /** Ends following and closes the replica. A read under way is broken off: the log has it for the next time. */
  async close(): Promise<void> {
    this.stopped = true;
    await Promise.all([this.replica.close(), this.running?.catch(() => undefined)]);
  }

  private async catchUpWithAll(): Promise<void> {
    // Before the question: meanwhile the replica may move on.
    const { seq, mark } = this.replica.position;
    const { last, lastMark } = await this.bounds();
    const sameLog = seq < last || (seq === last && mark === lastMark);
    if (!sameLog || this.replica.seq < last) await this.wait(last);
  }

  private async bounds(): Promise<IndexBounds> {
    try {
      const bounds = await this.source.bounds();
      this.left = bounds.vectorSpace !== undefined && bounds.vectorSpace !== this.vectorSpace;
      return bounds;
    } catch (error) {
      this.tell(error);
      throw error;
    }
  }

  private wait(seq: number): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.waiters.push({ seq, resolve, reject });
      this.start();
    });
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
    const { seq, mark } = this.replica.position;
    const rows = await this.source.changesFrom(seq, rowsPerRead + 1);
    const here = rows[0]?.seq === seq ? rows.shift() : undefined;
    // From nothing, the tables are shorter to read than a long log.
    const begins = seq === 0 && (rows[0]?.seq ?? 1) === 1 && rows.length <= rowsPerRead;
    if (!begins && here?.mark !== mark) return this.reload(true);
    const newest = rows.at(-1);
    if (newest === undefined) throw new Error(`the index log ends at ${seq}, before a seq that was committed`);
    const changes = rows.filter(({ operation }) => operation !== 'switch');
    if (changes.length < rows.length) {
      await this.bounds();
      // Vectors were added without a row each: what was read before the switch may lack them.
      if (!this.left) return this.reload(false);
    }
    // A document changed twice is loaded once: what counts is how it stands now.
    const changed = [...new Set(changes.map((row) => row.document))];
    await this.applyAsTheyStand(changed, newest);
  }

  /** From the tables instead of the log: the only way when the log does not have the replica's place any more (`lost`). */
  private async reload(lost: boolean): Promise<void> {
    const { seq } = this.replica;
    const { last, lastMark, trimmedThrough } = await this.bounds();
    if (lost && seq > trimmedThrough) await this.forget(seq);
    const known = new Set(await this.replica.documentKeys());
    for await (const entry of this.source.loadAll(this.vectorSpace)) {
      known.delete(entry.document);
      await this.replica.apply(this.replica.seq, { put: entry });
    }
    for (const document of known) await this.replica.apply(this.replica.seq, { remove: document });
    await this.replica.advance({ seq: last, mark: lastMark });
  }

  /** The log is another one: the database was restored or exchanged, and what the replica holds may stand for something else there. */
  private async forget(seq: number): Promise<void> {
    this.onError(new Error(`the index log does not have the change ${seq} that this index was made from: it is another one, or an earlier state; the index is made anew`));
    for (const document of await this.replica.documentKeys()) await this.replica.apply(seq, { remove: document });
  }

  private async applyAsTheyStand(documents: number[], { seq, mark }: LogPosition): Promise<void> {
    const gone = new Set(documents);
    for await (const entry of this.source.load(documents, this.vectorSpace)) {
      gone.delete(entry.document);
      await this.replica.apply(this.replica.seq, { put: entry });
    }
    for (const document of gone) await this.replica.apply(this.replica.seq, { remove: document });
    await this.replica.advance({ seq, mark });
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
