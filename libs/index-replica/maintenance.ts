import { setImmediate as nextTurn } from 'node:timers/promises';
import { TaskCancelledError } from './background-task.js';
import type { BackgroundWork } from './background-work.js';
import { planGraph, planMerge, type SegmentState } from './compaction-plan.js';
import type { ReplicaState } from './replica-state.js';
import type { SegmentPart } from './segment-part.js';
import { ReplicaStalledError, type CompactOptions, type ReplicaLimits } from './types.js';

type Lane = 'segments' | 'graphs';

interface Compaction {
  options: CompactOptions;
  /** Changes applied before it began: those it has to write out. */
  changes: number;
}

/**
 * Decides when background work is due. Two lanes run at once, one for segments and one for graphs:
 * a graph may take a minute, and a full tail must not wait for it.
 */
export class Maintenance {
  /** Why the last piece of work of a lane failed, until one succeeds. */
  private readonly errors = new Map<Lane, Error>();
  /** The writing out of a tail that is under way. */
  private sealing: Promise<void> | null = null;
  private segmentLane: Promise<void> | null = null;
  private graphLane: Promise<void> | null = null;
  private readonly stop = new AbortController();
  private timer: NodeJS.Timeout | null = null;
  private lastSeal = 0;
  private retryAt = 0;
  private compaction: Compaction | null = null;

  constructor(
    private readonly state: ReplicaState,
    private readonly work: BackgroundWork,
    private readonly limits: ReplicaLimits,
    private readonly automatic: boolean,
    private readonly onError: (error: Error) => void,
  ) {}

  /** Why work fails at the moment; null when none does. */
  get lastError(): Error | null {
    return this.errors.get('segments') ?? this.errors.get('graphs') ?? null;
  }

  get running(): boolean {
    return this.segmentLane !== null || this.graphLane !== null;
  }

  /** Starts what is due; cheap, called after every change. */
  kick(): void {
    if (!this.automatic || this.compaction !== null || performance.now() < this.retryAt) return;
    this.start();
  }

  /** Resolves when the tail that is to be written out is. @throws ReplicaStalledError when that fails, or did and was not tried again yet */
  async sealed(): Promise<void> {
    if (this.state.frozen === null) return;
    if (this.sealing === null) throw new ReplicaStalledError(this.lastError);
    try {
      await this.sealing;
    } catch (error) {
      throw new ReplicaStalledError(error);
    }
  }

  /** Writes the tail out, merges what fits together and covers all of it with graphs. */
  async compact(options: CompactOptions): Promise<void> {
    this.compaction = { options, changes: this.state.totalChanges };
    try {
      while (this.isDue()) {
        options.signal?.throwIfAborted();
        this.errors.clear();
        this.start();
        await Promise.all([this.segmentLane, this.graphLane]);
        if (this.lastError !== null) throw this.lastError;
        await nextTurn();
      }
    } finally {
      this.compaction = null;
      this.kick();
    }
    options.signal?.throwIfAborted();
  }

  /** Gives running work up and waits until it has ended. */
  async close(): Promise<void> {
    this.stop.abort();
    if (this.timer !== null) clearTimeout(this.timer);
    await Promise.all([this.segmentLane, this.graphLane]);
  }

  private start(): void {
    if (this.stop.signal.aborted) return;
    if (this.segmentLane === null && (this.sealIsDue() || this.work.commitFailed || this.mergeGroup().length > 0)) {
      this.segmentLane = this.run('segments', () => this.workOnSegments()).finally(() => (this.segmentLane = null));
    }
    if (this.graphLane === null && this.graphTarget() !== null) {
      this.graphLane = this.run('graphs', () => this.workOnGraphs()).finally(() => (this.graphLane = null));
    }
  }

  private async run(lane: Lane, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (caught) {
      if (caught instanceof TaskCancelledError) return;
      const error = caught instanceof Error ? caught : new Error(String(caught));
      const news = !this.errors.has(lane);
      this.errors.set(lane, error);
      if (news) this.onError(error);
      this.retryAt = performance.now() + this.limits.retryMilliseconds;
      this.wakeIn(this.limits.retryMilliseconds);
    }
  }

  private async workOnSegments(): Promise<void> {
    while (!this.signal.aborted) {
      if (this.sealIsDue()) {
        await this.seal();
      } else if (this.work.commitFailed) {
        await this.work.commit();
      } else {
        const group = this.mergeGroup();
        if (group.length === 0) return;
        await this.work.merge(group.map(({ segment }) => segment), this.signal);
      }
      this.errors.delete('segments');
      // What this changed may be work for the other lane.
      this.start();
    }
  }

  private async seal(): Promise<void> {
    this.lastSeal = performance.now();
    this.sealing = this.work.seal(this.signal);
    try {
      await this.sealing;
    } finally {
      this.sealing = null;
    }
    this.wakeIn(this.limits.quietMilliseconds);
  }

  private async workOnGraphs(): Promise<void> {
    for (let target = this.graphTarget(); target !== null && !this.signal.aborted; target = this.graphTarget()) {
      await this.work.buildGraph(target.segment, this.signal, (done, total) =>
        this.compaction?.options.onProgress?.(done, total),
      );
      this.errors.delete('graphs');
      this.start();
    }
  }

  private isDue(): boolean {
    return this.state.sealedChanges < (this.compaction?.changes ?? 0) || this.running || this.mergeGroup().length > 0 || this.graphTarget() !== null;
  }

  private sealIsDue(): boolean {
    const { state, limits } = this;
    if (state.frozen !== null) return true;
    // A document that is being added must not be cut in two.
    if (state.writing) return false;
    if (this.compaction !== null && state.sealedChanges < this.compaction.changes) return true;
    return state.tail.chunks >= limits.tailChunks || state.totalChanges - state.sealedChanges >= limits.tailChanges;
  }

  private mergeGroup(): (SegmentState & { segment: SegmentPart })[] {
    return planMerge(this.segments(), this.limits, this.compaction !== null);
  }

  private graphTarget(): (SegmentState & { segment: SegmentPart }) | null {
    const quiet = performance.now() - this.lastSeal >= this.limits.quietMilliseconds;
    // A compaction merges first, so that no graph is built in vain.
    if (this.compaction !== null && (this.sealIsDue() || this.segmentLane !== null)) return null;
    return planGraph(this.segments(), this.limits, this.compaction ? 'thorough' : quiet ? 'quiet' : 'writing');
  }

  private segments(): (SegmentState & { segment: SegmentPart })[] {
    return this.state.segments.map((segment) => ({
      segment,
      chunks: segment.chunks,
      liveChunks: segment.liveChunks,
      liveVectors: segment.liveVectors,
      uncoveredVectors: segment.uncoveredVectors(),
      graphIsWorn: segment.graphIsWorn(this.limits.removedShare),
      busy: this.work.busy.has(segment),
    }));
  }

  private get signal(): AbortSignal {
    const asked = this.compaction?.options.signal;
    return asked === undefined ? this.stop.signal : AbortSignal.any([this.stop.signal, asked]);
  }

  private wakeIn(milliseconds: number): void {
    if (this.timer !== null) clearTimeout(this.timer);
    const pause = Math.max(milliseconds, this.retryAt - performance.now());
    this.timer = setTimeout(() => this.kick(), pause + 10);
    this.timer.unref();
  }
}
