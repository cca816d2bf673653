import { join } from 'node:path';
import { BrokenFileError } from '#libs/index-parts';
import { DEFAULT_BM25, idfIn, type Bm25 } from '#libs/keyword-index';
import { VectorGraph } from '#libs/vector-index';
import { BackgroundWork } from './background-work.js';
import { Maintenance } from './maintenance.js';
import type { ReplicaPart } from './replica-part.js';
import { rank } from './replica-query.js';
import { findByKeywords, findByVector } from './replica-search.js';
import { removedSlots, ReplicaState } from './replica-state.js';
import { ReplicaWriter } from './replica-writer.js';
import { SegmentPart } from './segment-part.js';
import { SnapshotStore, type SnapshotSegment } from './snapshot-store.js';
import {
  DEFAULT_LIMITS,
  type Change,
  type CompactOptions,
  type Hit,
  type LogPosition,
  type LoggedChange,
  type RankedHit,
  type ReplicaLimits,
  type ReplicaOptions,
  type ReplicaQuery,
  type ReplicaStats,
  type SearchOptions,
} from './types.js';

/** A closing replica that cannot write its tail out by then leaves it to the log. */
const LONGEST_SAVE_MILLISECONDS = 30_000;

/**
 * One tenant's search index inside this process: keyword (BM25) and vector (cosine) search over chunks,
 * kept up to date by applying changes from a log. Derived data: its directory may be deleted while it is
 * closed, and replaying the log brings everything back.
 *
 * @example
 * const replica = await IndexReplica.open({ directory, dimensions: 512, vectorSpace: 'lexical@1' });
 * for await (const { seq, change } of changesAfter(replica.seq)) await replica.apply(seq, change);
 * const hits = replica.searchKeyword(['solar', 'panel'], { limit: 10 });
 */
export class IndexReplica {
  private readonly writer: ReplicaWriter;
  private readonly work: BackgroundWork;
  private readonly maintenance: Maintenance;
  private readonly bm25: Bm25;
  private closed: Promise<void> | null = null;

  private constructor(
    private readonly options: ReplicaOptions,
    limits: ReplicaLimits,
    store: SnapshotStore,
    private readonly state: ReplicaState,
  ) {
    this.bm25 = options.bm25 ?? DEFAULT_BM25;
    this.work = new BackgroundWork(state, store, options.dimensions, limits);
    this.maintenance = new Maintenance(state, this.work, limits, options.autoCompact ?? true, (error) => options.onError?.(error));
    this.writer = new ReplicaWriter(state, options.dimensions, limits.tailChunks, () => this.maintenance.sealed());
  }

  /**
   * Loads the newest whole snapshot; `seq` then says from where the log has to be replayed. Removals made
   * after that position may be in it already, so catch up before searching.
   */
  static async open(options: ReplicaOptions): Promise<IndexReplica> {
    const store = await SnapshotStore.open(options.directory, options.dimensions, options.vectorSpace);
    const state = new ReplicaState(options.dimensions);
    const kept = new Set<string>();
    for (const { name, snapshot } of await store.snapshots()) {
      const segments = await openSegments(store.directory, snapshot.segments, options.dimensions);
      if (segments === null) continue;
      state.segments = segments;
      state.position = state.sealed = { seq: snapshot.seq, mark: snapshot.mark };
      kept.add(name);
      for (const segment of segments) kept.add(segment.entry.name).add(segment.attached?.entry.name ?? name);
      break;
    }
    await store.clean(kept);
    const replica = new IndexReplica(options, { ...DEFAULT_LIMITS, ...options.limits }, store, state);
    replica.maintenance.kick();
    return replica;
  }

  /** Last applied log position; 0 when nothing was. */
  get seq(): number {
    return this.state.position.seq;
  }

  /** The same with the mark that {@link advance} was given: whether the log still has it there tells whether it is still the same log. */
  get position(): LogPosition {
    return this.state.position;
  }

  /**
   * Applies a change; one below `seq` is ignored. A document becomes visible as a whole, and large ones give way
   * to the event loop while they are added, so changes queue up: they are applied in the order of the calls.
   * Rejects, changing nothing, when a key or vector is invalid.
   * @throws ReplicaStalledError when so much waits to be written to disk, and cannot be, that there is no room for more
   */
  async apply(seq: number, change: Change): Promise<void> {
    this.refuseWhenClosed();
    await this.writer.apply(seq, change);
    this.maintenance.kick();
  }

  /** Applies changes in order. */
  async applyAll(changes: Iterable<LoggedChange> | AsyncIterable<LoggedChange>): Promise<void> {
    for await (const { seq, change } of changes) await this.apply(seq, change);
  }

  /** Says that the replica holds what the log says up to there: after changes that were applied together, or a log that was set back. */
  async advance(position: LogPosition): Promise<void> {
    this.refuseWhenClosed();
    await this.writer.advance(position);
  }

  /** The documents that have chunks. */
  *documentKeys(): Generator<number> {
    for (const part of this.state.parts) {
      for (let slot = 0; slot < part.slots; slot++) if (part.live[slot] === 1) yield part.documents[slot] as number;
    }
  }

  /** The best chunks by all that the query has, best first. */
  async search(query: ReplicaQuery): Promise<RankedHit[]> {
    return rank(query, {
      byKeywords: (terms, limit) => this.searchKeyword(terms, { ...query, limit }),
      byVector: (vector, limit, documents) => this.searchVector(vector, { ...query, limit, documents }),
    });
  }

  /** The best chunks by BM25, best first; only chunks with at least one of the terms. */
  searchKeyword(terms: Iterable<readonly [string, number]> | readonly string[], options: SearchOptions): Hit[] {
    this.refuseWhenClosed();
    return findByKeywords(this.state.parts, terms, options, this.bm25);
  }

  /** The chunks whose vectors are nearest by cosine, best first. Gives way to the event loop when much is scanned. */
  async searchVector(vector: Float32Array, options: SearchOptions): Promise<Hit[]> {
    this.refuseWhenClosed();
    const { parts } = this.state;
    const release = holdOpen(parts);
    try {
      return await findByVector(parts, vector, this.options.dimensions, options);
    } finally {
      release();
    }
  }

  /** Inverse document frequency of a term over all chunks: high for rare terms, never negative. */
  idf(term: string): number {
    this.refuseWhenClosed();
    const parts = this.state.parts.map((part) => part.keyword);
    return idfIn(parts, term);
  }

  /** Writes everything applied so far into as few segments as the limits allow, with graphs, in a worker thread. */
  async compact(options: CompactOptions = {}): Promise<void> {
    this.refuseWhenClosed();
    await this.writer.idle;
    await this.maintenance.compact(options);
  }

  /** Memory held outside of the files, in bytes. */
  get heapBytes(): number {
    return this.state.parts.reduce((total, part) => total + part.bytes, 0);
  }

  /** Why background work fails at the moment; null when none does. */
  get lastError(): Error | null {
    return this.maintenance.lastError;
  }

  stats(): ReplicaStats {
    const { parts, segments, tail, frozen } = this.state;
    const sum = (of: (part: ReplicaPart) => number) => parts.reduce((total, part) => total + of(part), 0);
    const chunks = sum((part) => part.liveChunks);
    return {
      seq: this.seq,
      documents: sum((part) => part.liveDocuments),
      chunks,
      vectors: sum((part) => part.liveVectors),
      deletedChunks: sum((part) => part.chunks) - chunks,
      tailChunks: tail.liveChunks + (frozen?.frozen.liveChunks ?? 0),
      segments: segments.length,
      graphVectors: segments.reduce((total, segment) => total + segment.liveVectors - segment.uncoveredVectors(), 0),
      bytes: {
        heap: this.heapBytes,
        mapped: segments.reduce((total, part) => total + (part.graph?.mappedBytes ?? 0), 0),
      },
      compacting: this.maintenance.running,
      snapshotSeq: this.work.snapshotSeq,
      lastError: this.lastError?.message ?? null,
    };
  }

  /**
   * Gives background work up, writes the tail out (unless `autoCompact` is off) and releases the files. A tail that cannot be
   * written is no failure: `onError` is told, and the log brings it back.
   */
  close(): Promise<void> {
    this.closed ??= this.shutDown();
    return this.closed;
  }

  private async shutDown(): Promise<void> {
    // First the work: changes may be waiting for it.
    await this.maintenance.close();
    await this.writer.idle;
    if (this.options.autoCompact ?? true) await this.save();
    for (const part of this.state.parts) part.release();
  }

  private async save(): Promise<void> {
    const { state, work } = this;
    const signal = AbortSignal.timeout(LONGEST_SAVE_MILLISECONDS);
    try {
      // Twice when a tail was being written already.
      while (work.commitFailed || state.totalChanges > state.sealedChanges) await work.seal(signal);
    } catch (error) {
      this.options.onError?.(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private refuseWhenClosed(): void {
    if (this.closed !== null) throw new Error('The index replica is closed.');
  }
}

/** Keeps what a search will read after it gave way to other work. */
function holdOpen(parts: readonly ReplicaPart[]): () => void {
  const graphs = parts.map((part) => part.graph).filter((graph) => graph !== null);
  for (const held of [...parts, ...graphs]) held.retain();
  return () => {
    for (const held of [...parts, ...graphs]) held.release();
  };
}

/** Opens a snapshot's segments; null, with everything closed again, if one of its files is broken. */
async function openSegments(root: string, entries: readonly SnapshotSegment[], dimensions: number): Promise<SegmentPart[] | null> {
  const opened: SegmentPart[] = [];
  try {
    for (const { graph, removed, name, files } of entries) {
      const segment = await SegmentPart.open(root, { name, files }, dimensions);
      opened.push(segment);
      segment.removeSlots(removedSlots(removed));
      if (graph === null) continue;
      segment.attach({ entry: graph, graph: await VectorGraph.open(join(root, graph.name), graph.files, dimensions, segment.chunks) });
    }
    return opened;
  } catch (error) {
    for (const segment of opened) segment.release();
    if (error instanceof BrokenFileError) return null;
    throw error;
  }
}
