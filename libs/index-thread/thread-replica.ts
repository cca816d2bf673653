import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Change, ChunkEntry, DocumentEntry, LogPosition, RankedHit, ReplicaOptions, ReplicaQuery, ReplicaStats, StreamedDocumentEntry } from '#libs/index-replica';
import { CHUNKS_PER_MESSAGE, packChunks, type CallName, type Calls, type Condition } from './thread-messages.js';

type Call = <N extends CallName>(name: N, given: Calls[N]['arguments'], moved?: ArrayBuffer[]) => Promise<Calls[N]['answer']>;

/** An index replica in the index thread. Does what `IndexReplica` does; what is asked while a change is on its way sees the replica as it was before. */
export class ThreadReplica {
  private condition: Condition = { position: { seq: 0, mark: 0 }, heapBytes: 0, failing: false };
  private isLost = false;
  private last: Promise<unknown> = Promise.resolve();
  private closed: Promise<void> | undefined;

  constructor(
    private readonly call: Call,
    private readonly dimensions: number,
    private readonly onError: ReplicaOptions['onError'],
    private readonly onClosed: () => void,
  ) {}

  /** Last applied log position; 0 when nothing was. */
  get seq(): number {
    return this.condition.position.seq;
  }

  get position(): LogPosition {
    return this.condition.position;
  }

  /** Its background work fails, known within a second. */
  get failing(): boolean {
    return this.condition.failing;
  }

  /** Its thread has ended: it answers nothing any more. */
  get lost(): boolean {
    return this.isLost;
  }

  /** Memory held outside of the files, in bytes, known within a second. */
  get heapBytes(): number {
    return this.condition.heapBytes;
  }

  /** Changes are applied in the order of the calls; see `IndexReplica.apply`. */
  apply(seq: number, change: Change): Promise<void> {
    return this.inOrder(() => ('remove' in change ? this.call('remove', [seq, change.remove]) : this.put(seq, change.put)));
  }

  advance(position: LogPosition): Promise<void> {
    return this.inOrder(() => this.call('advance', [position]));
  }

  documentKeys(): Promise<Float64Array> {
    return this.call('documentKeys', []);
  }

  /** The best chunks, best first, and where the replica stood. */
  search({ documents, ...query }: ReplicaQuery): Promise<{ hits: RankedHit[]; seq: number }> {
    return this.call('search', [{ ...query, documents: documents && Float64Array.from(documents) }]);
  }

  /** Inverse document frequencies of these terms over all chunks, in their order: high for rare terms, never negative. */
  idf(terms: readonly string[]): Promise<Float64Array> {
    return this.call('idf', [terms]);
  }

  stats(): Promise<ReplicaStats> {
    return this.call('stats', []);
  }

  close(): Promise<void> {
    this.closed ??= this.lost ? Promise.resolve() : this.call('close', []).finally(this.onClosed);
    return this.closed;
  }

  /** What follows is told by the thread. */
  stands(condition: Condition): void {
    this.condition = condition;
  }

  tell(error: Error): void {
    this.onError?.(error);
  }

  lose(): void {
    this.isLost = true;
  }

  private inOrder(change: () => Promise<Condition>): Promise<void> {
    const applied = this.last.then(change).then((condition) => this.stands(condition));
    this.last = applied.catch(() => undefined);
    return applied;
  }

  private async put(seq: number, { document, collection, chunks }: DocumentEntry | StreamedDocumentEntry): Promise<Condition> {
    const head = { document, collection };
    const groups = groupsOf(chunks);
    let group = await groups.next();
    if (group.done === true || group.value.length < CHUNKS_PER_MESSAGE) {
      const packed = packChunks(group.value ?? [], this.dimensions);
      return this.call('put', [seq, head, packed], [packed.vectors.buffer as ArrayBuffer]);
    }
    try {
      await this.call('begin', [seq, head]);
      for (; group.done !== true; group = await groups.next()) {
        const packed = packChunks(group.value, this.dimensions);
        await this.call('add', [packed], [packed.vectors.buffer as ArrayBuffer]);
      }
    } catch (error) {
      // Whatever they say now: why it failed is known.
      await Promise.allSettled([this.call('finish', [false]), groups.return(undefined)]);
      throw error;
    }
    return this.call('finish', [true]);
  }
}

/** Of the size of a message; a smaller one is the last. */
async function* groupsOf(chunks: DocumentEntry['chunks'] | StreamedDocumentEntry['chunks']): AsyncGenerator<ChunkEntry[], undefined> {
  let group: ChunkEntry[] = [];
  for await (const chunk of chunks) {
    group.push(chunk);
    if (group.length < CHUNKS_PER_MESSAGE) continue;
    yield group;
    group = [];
    await nextTurn();
  }
  if (group.length > 0) yield group;
  return undefined;
}
