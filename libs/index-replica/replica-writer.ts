import { setImmediate as nextTurn } from 'node:timers/promises';
import { checkVector } from '#libs/vector-index';
import type { ReplicaState } from './replica-state.js';
import type { Change, DocumentEntry } from './types.js';

/** Longest run of adding chunks before the event loop gets its turn. */
const SLICE_MILLISECONDS = 2;
/** Chunks between two looks at the clock. */
const CHUNKS_PER_LOOK = 8;
/** While the tail is being written, changes wait when the new one has grown to this many times its limit. */
const TAIL_PATIENCE = 4;

/** Applies changes to the state, one after the other, each all at once. */
export class ReplicaWriter {
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly state: ReplicaState,
    private readonly dimensions: number,
    private readonly tailChunks: number,
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

  advance(seq: number): Promise<void> {
    const advanced = this.last.then(() => {
      this.state.seq = Math.max(this.state.seq, seq);
    });
    this.last = advanced;
    return advanced;
  }

  private async applyNow(seq: number, change: Change): Promise<void> {
    if (seq < this.state.seq) return;
    if ('remove' in change) this.state.remove(change.remove);
    else await this.put(change.put);
    this.state.seq = seq;
    this.state.totalChanges++;
  }

  private async put(entry: DocumentEntry): Promise<void> {
    check(entry, this.dimensions);
    const { state } = this;
    while (state.frozen !== null && state.tail.chunks >= this.tailChunks * TAIL_PATIENCE) await nextTurn();
    if (entry.chunks.length === 0) {
      state.remove(entry.document);
      return;
    }
    state.writing = true;
    const { tail } = state;
    const slot = tail.startDocument(entry.document, entry.collection);
    let complete = false;
    try {
      await this.addChunks(entry);
      complete = true;
    } finally {
      if (complete) state.remove(entry.document);
      tail.finishDocument(slot, complete);
      state.writing = false;
    }
  }

  private async addChunks(entry: DocumentEntry): Promise<void> {
    let started = performance.now();
    let count = 0;
    for (const chunk of entry.chunks) {
      this.state.tail.addChunk(chunk);
      if (++count % CHUNKS_PER_LOOK !== 0 || performance.now() - started < SLICE_MILLISECONDS) continue;
      await nextTurn();
      started = performance.now();
    }
  }
}

function check(entry: DocumentEntry, dimensions: number): void {
  for (const chunk of entry.chunks) {
    if (!Number.isSafeInteger(chunk.key) || chunk.key <= 0) throw new RangeError(`Chunk key ${chunk.key} is not a positive safe integer.`);
    if (chunk.vector !== null) checkVector(chunk.vector, dimensions);
  }
}
