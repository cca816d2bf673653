import { IndexReplica, type ChunkEntry } from '#libs/index-replica';
import { unpackChunks, type CallName, type Calls, type Condition, type PackedChunks } from './thread-messages.js';

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
    search: async (query) => {
      const { seq } = this.opened;
      return { hits: await this.opened.search(query), seq };
    },
    idf: (terms) => Float64Array.from(terms, (term) => this.opened.idf(term)),
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
  private waiting: PackedChunks | 'end' | Error | undefined;
  private wake: () => void = () => undefined;
  private used: () => void = () => undefined;

  constructor(private readonly dimensions: number) {}

  async *chunks(): AsyncGenerator<ChunkEntry> {
    for (;;) {
      while (this.waiting === undefined) await new Promise<void>((resolve) => (this.wake = resolve));
      if (this.waiting instanceof Error) throw this.waiting;
      if (this.waiting === 'end') return;
      yield* unpackChunks(this.waiting, this.dimensions);
      this.waiting = undefined;
      this.used();
    }
  }

  async add(chunks: PackedChunks): Promise<undefined> {
    const used = new Promise<void>((resolve) => (this.used = resolve));
    this.pass(chunks);
    // Applied before it was all: it failed.
    await Promise.race([used, this.applied]);
    return undefined;
  }

  finish(whole: boolean): Promise<void> {
    this.pass(whole ? 'end' : new Error('The document was given up.'));
    return this.applied;
  }

  giveUp(): void {
    this.pass(new Error('The index replica is closed.'));
  }

  private pass(next: PackedChunks | 'end' | Error): void {
    this.waiting = next;
    this.wake();
  }
}
