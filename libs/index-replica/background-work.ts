import { join } from 'node:path';
import { BrokenFileError } from '#libs/index-parts';
import { NODES_FILE, VectorGraph } from '#libs/vector-index';
import { runTask } from './background-task.js';
import type { ReplicaState } from './replica-state.js';
import { SegmentPart } from './segment-part.js';
import type { SnapshotStore } from './snapshot-store.js';
import type { ReplicaLimits } from './types.js';

/**
 * The pieces of background work. Each has a worker write files, opens them, puts them into the state
 * in one step, and commits a snapshot that names them; only then are the files they replace removed.
 */
export class BackgroundWork {
  /** Log position of the newest snapshot on disk. */
  snapshotSeq: number;
  /** Segments that a running piece of work reads. */
  readonly busy = new Set<SegmentPart>();
  private commits: Promise<void> = Promise.resolve();
  /** Out of the state, but perhaps still named by the snapshot on disk. */
  private retired: { name: string; release: () => void }[] = [];

  constructor(
    private readonly state: ReplicaState,
    private readonly store: SnapshotStore,
    private readonly dimensions: number,
    private readonly limits: ReplicaLimits,
  ) {
    this.snapshotSeq = state.sealedSeq;
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
      const names = Array.from({ length: Math.ceil(frozen.liveChunks / this.limits.segmentChunks) }, () =>
        this.store.newName('segment'),
      );
      const written = await runTask<'seal'>(
        { ...this.where, kind: 'seal', tail, names, segmentChunks: this.limits.segmentChunks },
        signal,
      );
      const segments: SegmentPart[] = [];
      for (const entry of written) segments.push(await SegmentPart.open(this.store.directory, entry, this.dimensions));
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
      const entry = await runTask<'graph'>(
        { ...this.where, kind: 'graph', segment: segment.entry.name, wanted, seed, target: this.store.newName('graph') },
        signal,
        onProgress,
      );
      const directory = join(this.store.directory, entry.name);
      const graph = await VectorGraph.open(directory, entry.files, this.dimensions, segment.chunks);
      segment.attach({ entry, graph });
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
        throw error;
      }
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
    const result = await runTask<'merge'>({ ...this.where, kind: 'merge', sources, target }, signal);
    const merged = await SegmentPart.open(this.store.directory, result.segment, this.dimensions);
    if (result.graph !== null && seed?.attached) {
      const nodes = result.graph.files.find((file) => file.name === NODES_FILE);
      if (nodes === undefined) throw new BrokenFileError(`${result.graph.name} has no nodes.`);
      const directory = join(this.store.directory, result.graph.name);
      const graph = await seed.attached.graph.renumbered(directory, nodes, merged.chunks);
      merged.attach({ entry: result.graph, graph });
    }
    return merged;
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
