import { setImmediate as nextTurn } from 'node:timers/promises';
import { IndexReplica, type ChunkEntry } from '#libs/index-replica';
import { unpackChunks, type CallName, type Calls, type Condition, type PackedChunks } from './thread-messages.js';

/** Words looked up before searches have their turn; a millisecond or so. */
const TERMS_AT_ONCE = 50;

type Answers = { [N in CallName]: (...given: Calls[N]['arguments']) => Promise<Calls[N]['answer']> | Calls[N]['answer'] };

/** One replica as the index thread offers it. */
export class HostedReplica {
  private replica: IndexReplica | undefined;
  private dimensions = 0;
  private said: Condition | undefined;
  private arriving: ArrivingDocument | undefined;

  private readonly answers: Answers = {
    open: async (options) => {
      this.dimensions = options.dimensions;
      this.replica = await IndexReplica.open({ ...options, onError: this.onError });
      return this.condition();
    },
    put: async (seq, head, chunks) => {
      await this.opened.apply(seq, { put: { ...head, chunks: [...unpackChunks(chunks, this.dimensions)] } });
      return this.condition();
    },
    begin: (seq, head) => {
      const arriving = new ArrivingDocument(this.dimensions);
      arriving.applied = this.opened.apply(seq, { put: { ...head, chunks: arriving.chunks() } });
      // Whoever adds, or ends it, is told.
      arriving.applied.catch(() => undefined);
      this.arriving = arriving;
      return undefined;
    },
    add: (chunks) => this.begun.add(chunks),
    finish: async (whole) => {
      const { begun } = this;
      this.arriving = undefined;
      await begun.finish(whole);
      return this.condition();
    },
    remove: async (seq, document) => {
      await this.opened.apply(seq, { remove: document });
      return this.condition();
    },
    advance: async (position) => {
      await this.opened.advance(position);
      return this.condition();
    },
    documentKeys: () => Float64Array.from(this.opened.documentKeys()),
    search: async ({ documents, ...query }) => {
      const { seq } = this.opened;
      return { hits: await this.opened.search({ ...query, documents: documents && new Set(documents) }), seq };
    },
    idf: async (terms) => {
      const found = new Float64Array(terms.length);
      for (const [place, term] of terms.entries()) {
        if (place % TERMS_AT_ONCE === TERMS_AT_ONCE - 1) await nextTurn();
        found[place] = this.opened.idf(term);
      }
      return found;
    },
    stats: () => this.opened.stats(),
    close: async () => {
      this.arriving?.giveUp();
      await this.opened.close();
      return undefined;
    },
  };

  constructor(private readonly onError: (error: Error) => void) {}

  async answer<N extends CallName>(name: N, given: Calls[N]['arguments']): Promise<Calls[N]['answer']> {
    return this.answers[name](...given);
  }

  private get opened(): IndexReplica {
    if (!this.replica) throw new Error('The index replica is not open.');
    return this.replica;
  }

  private get begun(): ArrivingDocument {
    if (!this.arriving) throw new Error('No document was begun.');
    return this.arriving;
  }

  /** How it stands, if that is not what was said last. */
  changed(): Condition | undefined {
    const before = this.said;
    if (!this.replica || !before) return undefined;
    const { heapBytes, failing } = this.condition();
    return heapBytes === before.heapBytes && failing === before.failing ? undefined : this.said;
  }

  private condition(): Condition {
    const { position, heapBytes, lastError } = this.opened;
    return (this.said = { position, heapBytes, failing: lastError !== null });
  }
}

/** A document whose chunks come in several messages; the index takes them as they come. */
class ArrivingDocument {
  /** Settles when the index has taken all of it, or refused it. */
  applied: Promise<void> = Promise.resolve();
  private next: PackedChunks | 'end' | undefined;
  /** Why no more is taken; stays. */
  private refusal: Error | undefined;
  private wake: () => void = () => undefined;
  private used: () => void = () => undefined;

  constructor(private readonly dimensions: number) {}

  async *chunks(): AsyncGenerator<ChunkEntry> {
    for (;;) {
      while (this.next === undefined && !this.refusal) await new Promise<void>((resolve) => (this.wake = resolve));
      if (this.refusal) throw this.refusal;
      if (this.next === 'end') return;
      if (this.next) yield* unpackChunks(this.next, this.dimensions);
      this.next = undefined;
      this.used();
    }
  }

  async add(chunks: PackedChunks): Promise<undefined> {
    const used = new Promise<void>((resolve) => (this.used = resolve));
    this.next = chunks;
    this.wake();
    // Applied before it was all: it failed.
    await Promise.race([used, this.applied]);
    return undefined;
  }

  finish(whole: boolean): Promise<void> {
    if (whole) this.next = 'end';
    else this.refusal ??= new Error('The document was given up.');
    this.wake();
    return this.applied;
  }

  giveUp(): void {
    this.refusal ??= new Error('The index replica is closed.');
    this.wake();
  }
}
