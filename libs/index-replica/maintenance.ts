import { setImmediate as nextTurn } from 'node:timers/promises';
import { TaskCancelledError } from './background-task.js';
import type { BackgroundWork } from './background-work.js';
import { planGraph, planMerge, type SegmentState } from './compaction-plan.js';
import type { ReplicaState } from './replica-state.js';
import type { SegmentPart } from './segment-part.js';
import type { CompactOptions, ReplicaLimits } from './types.js';

/** Pause after a failure, for instance a full disk, before the work is tried again. */
const RETRY_MILLISECONDS = 30_000;

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
  /** Why the last piece of work failed; null after a success. */
  lastError: Error | null = null;
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
  ) {}

  get running(): boolean {
    return this.segmentLane !== null || this.graphLane !== null;
  }

  /** Starts what is due; cheap, called after every change. */
  kick(): void {
    if (!this.automatic || this.compaction !== null || performance.now() < this.retryAt) return;
    this.start();
  }

  /** Writes the tail out, merges what fits together and covers all of it with graphs. */
  async compact(options: CompactOptions): Promise<void> {
    this.compaction = { options, changes: this.state.totalChanges };
    try {
      while (this.isDue()) {
        options.signal?.throwIfAborted();
        this.lastError = null;
        this.start();
        await Promise.all([this.segmentLane, this.graphLane]);
        if (this.lastError !== null) throw this.lastError as Error;
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
    if (this.segmentLane === null && (this.sealIsDue() || this.mergeGroup().length > 0)) {
      this.segmentLane = this.run(() => this.workOnSegments()).finally(() => (this.segmentLane = null));
    }
    if (this.graphLane === null && this.graphTarget() !== null) {
      this.graphLane = this.run(() => this.workOnGraphs()).finally(() => (this.graphLane = null));
    }
  }

  private async run(lane: () => Promise<void>): Promise<void> {
    try {
      await lane();
    } catch (error) {
      if (error instanceof TaskCancelledError) return;
      this.lastError = error instanceof Error ? error : new Error(String(error));
      this.retryAt = performance.now() + RETRY_MILLISECONDS;
      this.wakeIn(RETRY_MILLISECONDS);
    }
  }

  private async workOnSegments(): Promise<void> {
    while (!this.signal.aborted) {
      if (this.sealIsDue()) {
        this.lastSeal = performance.now();
        await this.work.seal(this.signal);
        this.wakeIn(this.limits.quietMilliseconds);
      } else {
        const group = this.mergeGroup();
        if (group.length === 0) return;
        await this.work.merge(group.map(({ segment }) => segment), this.signal);
      }
      this.lastError = null;
      // What this changed may be work for the other lane.
      this.start();
    }
  }

  private async workOnGraphs(): Promise<void> {
    for (let target = this.graphTarget(); target !== null && !this.signal.aborted; target = this.graphTarget()) {
      await this.work.buildGraph(target.segment, this.signal, (done, total) =>
        this.compaction?.options.onProgress?.(done, total),
      );
      this.lastError = null;
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
    this.timer = setTimeout(() => this.kick(), milliseconds + 10);
    this.timer.unref();
  }
}
