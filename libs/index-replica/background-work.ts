import { join } from 'node:path';
import { BrokenFileError } from '#libs/index-parts';
import { NODES_FILE, VectorGraph } from '#libs/vector-index';
import { runTask } from './background-task.js';
import type { ReplicaState } from './replica-state.js';
import { temporaryOf } from './segment-files.js';
import { SegmentPart, type SegmentEntry } from './segment-part.js';
import type { SnapshotStore } from './snapshot-store.js';
import type { ReplicaLimits } from './types.js';
import type { MergeResult } from './write-segments.js';

/**
 * The pieces of background work. Each has a worker write files, opens them, puts them into the state
 * in one step, and commits a snapshot that names them; only then are the files they replace removed.
 */
export class BackgroundWork {
  /** Log position of the newest snapshot on disk. */
  snapshotSeq: number;
  /** Segments that a running piece of work reads. */
  readonly busy = new Set<SegmentPart>();
  /** The last snapshot could not be written: the one on disk is older than the segments. */
  commitFailed = false;
  private commits: Promise<void> = Promise.resolve();
  /** Out of the state, but perhaps still named by the snapshot on disk. */
  private retired: { name: string; release: () => void }[] = [];

  constructor(
    private readonly state: ReplicaState,
    private readonly store: SnapshotStore,
    private readonly dimensions: number,
    private readonly limits: ReplicaLimits,
  ) {
    this.snapshotSeq = state.sealed.seq;
  }

  /** Writes the tail (or the one that failed before) as segments. */
  async seal(signal: AbortSignal): Promise<void> {
    const { frozen, upTo } = this.state.frozen ?? this.state.freeze();
    if (frozen.liveChunks === 0) {
      this.state.replaceFrozen([], new Uint8Array(0), upTo);
    } else {
      const tail = await frozen.data();
      // Goes to the worker with the rest.
      const live = tail.live.slice();
      const names = Array.from({ length: Math.ceil(frozen.liveChunks / this.limits.segmentChunks) }, () => this.store.newName('segment'));
      const segments = await this.orDiscard(names, async () => {
        const written = await runTask<'seal'>({ ...this.where, kind: 'seal', tail, names, segmentChunks: this.limits.segmentChunks }, signal);
        return this.openAll(written);
      });
      this.state.replaceFrozen(segments, live, upTo);
    }
    await this.commit();
  }

  /** Merges segments into one, carrying over the largest of their graphs. */
  async merge(group: readonly SegmentPart[], signal: AbortSignal): Promise<void> {
    for (const segment of group) this.busy.add(segment);
    try {
      const written = group.map((segment) => segment.live.slice());
      const merged = group.some((segment) => segment.liveChunks > 0) ? await this.writeMerged(group, written, signal) : null;
      this.state.replaceSegments(group, written, merged);
      for (const segment of group) {
        this.retire(segment.entry.name, () => segment.release());
        if (segment.attached !== null) this.retire(segment.attached.entry.name, () => undefined);
      }
    } finally {
      for (const segment of group) this.busy.delete(segment);
    }
    await this.commit();
  }

  /** Builds a graph over all live vectors of a segment, extending the one it has unless that is worn out. */
  async buildGraph(
    segment: SegmentPart,
    signal: AbortSignal,
    onProgress: (done: number, total: number) => void,
  ): Promise<void> {
    this.busy.add(segment);
    try {
      const old = segment.attached;
      const wanted = segment.rows.present.map((present, ordinal) => present & (segment.live[segment.documentOf[ordinal] as number] as number));
      const seed = old === null || segment.graphIsWorn(this.limits.removedShare) ? null : old.entry.name;
      const target = this.store.newName('graph');
      const attached = await this.orDiscard([target], async () => {
        const entry = await runTask<'graph'>({ ...this.where, kind: 'graph', segment: segment.entry.name, wanted, seed, target }, signal, onProgress);
        const graph = await VectorGraph.open(join(this.store.directory, entry.name), entry.files, this.dimensions, segment.chunks);
        return { entry, graph };
      });
      segment.attach(attached);
      if (old !== null) this.retire(old.entry.name, () => old.graph.release());
    } finally {
      this.busy.delete(segment);
    }
    await this.commit();
  }

  /** Writes a snapshot of the state, then removes the files it no longer needs. One at a time. */
  commit(): Promise<void> {
    const commit = this.commits.then(async () => {
      const snapshot = this.state.snapshot();
      const replaced = this.retired;
      this.retired = [];
      try {
        await this.store.commit(snapshot);
      } catch (error) {
        this.retired.push(...replaced);
        this.commitFailed = true;
        throw error;
      }
      this.commitFailed = false;
      this.snapshotSeq = snapshot.seq;
      for (const { name, release } of replaced) {
        release();
        await this.store.discard(name);
      }
    });
    this.commits = commit.catch(() => undefined);
    return commit;
  }

  private get where() {
    return { root: this.store.directory, dimensions: this.dimensions };
  }

  private async writeMerged(group: readonly SegmentPart[], written: readonly Uint8Array[], signal: AbortSignal): Promise<SegmentPart> {
    const seed = largestGraph(group);
    const sources = group.map((segment, index) => ({
      name: segment.entry.name,
      live: written[index] as Uint8Array,
      graph: segment === seed ? (segment.attached?.entry.name ?? null) : null,
    }));
    const target = { segment: this.store.newName('segment'), graph: this.store.newName('graph') };
    return this.orDiscard([target.segment, target.graph], async () => {
      const result = await runTask<'merge'>({ ...this.where, kind: 'merge', sources, target }, signal);
      return this.openMerged(result, seed?.attached?.graph);
    });
  }

  private async openMerged({ segment, graph: entry }: MergeResult, seed: VectorGraph | undefined): Promise<SegmentPart> {
    const merged = await SegmentPart.open(this.store.directory, segment, this.dimensions);
    if (entry === null || seed === undefined) return merged;
    try {
      const nodes = entry.files.find((file) => file.name === NODES_FILE);
      if (nodes === undefined) throw new BrokenFileError(`${entry.name} has no nodes.`);
      merged.attach({ entry, graph: await seed.renumbered(join(this.store.directory, entry.name), nodes, merged.chunks) });
      return merged;
    } catch (error) {
      merged.release();
      throw error;
    }
  }

  /** All or none. */
  private async openAll(entries: readonly SegmentEntry[]): Promise<SegmentPart[]> {
    const opened: SegmentPart[] = [];
    try {
      for (const entry of entries) opened.push(await SegmentPart.open(this.store.directory, entry, this.dimensions));
      return opened;
    } catch (error) {
      for (const segment of opened) segment.release();
      throw error;
    }
  }

  /** Does work that writes under these new names. When it fails, what there is of them is removed: the next attempt takes other names. */
  private async orDiscard<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      for (const name of names.flatMap((written) => [written, temporaryOf(written)])) await this.store.discard(name);
      throw error;
    }
  }

  private retire(name: string, release: () => void): void {
    this.retired.push({ name, release });
  }
}

function largestGraph(group: readonly SegmentPart[]): SegmentPart | null {
  let largest: SegmentPart | null = null;
  for (const segment of group) {
    if ((segment.graph?.coveredChunks ?? 0) > (largest?.graph?.coveredChunks ?? 0)) largest = segment;
  }
  return largest;
}
