import { setImmediate as nextTurn } from 'node:timers/promises';
import { checkVector } from '#libs/vector-index';
import type { ReplicaState } from './replica-state.js';
import type { Change, ChunkEntry, DocumentEntry, LogPosition, StreamedDocumentEntry } from './types.js';

/** Longest run of adding chunks before the event loop gets its turn. */
const SLICE_MILLISECONDS = 2;
/** While the tail is being written, changes wait when the new one has grown to this many times its limit. */
const TAIL_PATIENCE = 2;

/** Applies changes to the state, one after the other, each all at once. */
export class ReplicaWriter {
  private last: Promise<void> = Promise.resolve();
  private sliceStart = 0;

  constructor(
    private readonly state: ReplicaState,
    private readonly dimensions: number,
    private readonly tailChunks: number,
    /** Resolves when the tail before this one is written out, rejects when that fails. */
    private readonly sealed: () => Promise<void>,
  ) {}

  /** Resolves when every change handed in so far is applied or has failed. */
  get idle(): Promise<void> {
    return this.last;
  }

  /** Runs after all earlier ones. */
  apply(seq: number, change: Change): Promise<void> {
    const applied = this.last.then(() => this.applyNow(seq, change));
    this.last = applied.catch(() => undefined);
    return applied;
  }

  advance(position: LogPosition): Promise<void> {
    const advanced = this.last.then(() => {
      this.state.position = position;
    });
    this.last = advanced;
    return advanced;
  }

  private async applyNow(seq: number, change: Change): Promise<void> {
    const { position } = this.state;
    if (seq < position.seq) return;
    if ('remove' in change) this.state.remove(change.remove);
    else await this.put(change.put);
    if (seq > position.seq) this.state.position = { seq, mark: 0 };
    this.state.totalChanges++;
    await this.giveWay();
  }

  private async put(entry: DocumentEntry | StreamedDocumentEntry): Promise<void> {
    const { state } = this;
    while (state.frozen !== null && state.tail.chunks >= this.tailChunks * TAIL_PATIENCE) await this.sealed();
    state.writing = true;
    const { tail } = state;
    const before = tail.chunks;
    const slot = tail.startDocument(entry.document, entry.collection);
    let complete = false;
    try {
      for await (const chunk of entry.chunks) {
        check(chunk, this.dimensions);
        tail.addChunk(chunk);
        await this.giveWay();
      }
      complete = true;
    } finally {
      if (complete) state.remove(entry.document);
      // What was added before a failure stays invisible, and goes when the tail is written out.
      tail.finishDocument(slot, complete && tail.chunks > before);
      state.writing = false;
    }
  }

  /** Lets the event loop turn when the changes of the last moments, however small, have used their share. */
  private giveWay(): Promise<void> | undefined {
    if (performance.now() - this.sliceStart < SLICE_MILLISECONDS) return undefined;
    return nextTurn().then(() => {
      this.sliceStart = performance.now();
    });
  }
}

function check({ key, vector }: ChunkEntry, dimensions: number): void {
  if (!Number.isSafeInteger(key) || key <= 0) throw new RangeError(`Chunk key ${key} is not a positive safe integer.`);
  if (vector !== null) checkVector(vector, dimensions);
}
