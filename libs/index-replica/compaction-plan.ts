import type { ReplicaLimits } from './types.js';

/** What the plans look at in a segment. */
export interface SegmentState {
  chunks: number;
  liveChunks: number;
  liveVectors: number;
  /** Vectors outside the graph. */
  uncoveredVectors: number;
  /** Too many of the graph's nodes stand for chunks that are gone. */
  graphIsWorn: boolean;
  /** A background task uses it. */
  busy: boolean;
}

/** Small segments are merged when there are this many; the cost of merging against that of searching many. */
const MERGE_FACTOR = 4;
/** A graph is extended when this share of the segment's vectors is outside it. */
const UNCOVERED_SHARE = 0.1;

/**
 * Which segments to merge into one now; empty for none. One segment alone is rewritten without its
 * removed chunks. `thorough`: merge whatever fits together, as an explicit compaction wants.
 */
export function planMerge<T extends SegmentState>(segments: readonly T[], limits: ReplicaLimits, thorough: boolean): T[] {
  const idle = segments.filter((segment) => !segment.busy);
  const group: T[] = [];
  let chunks = 0;
  for (const segment of idle.toSorted((a, b) => a.liveChunks - b.liveChunks)) {
    if (chunks + segment.liveChunks > limits.segmentChunks) break;
    group.push(segment);
    chunks += segment.liveChunks;
  }
  if (group.length >= (thorough ? 2 : MERGE_FACTOR)) return group;
  const worn = idle.find((segment) => {
    const removed = segment.chunks - segment.liveChunks;
    return removed > 0 && (thorough || removed >= segment.chunks * limits.removedShare);
  });
  return worn === undefined ? [] : [worn];
}

/** The segment that needs a graph, or a better one, most; null for none. */
export function planGraph<T extends SegmentState>(
  segments: readonly T[],
  limits: ReplicaLimits,
  mode: 'quiet' | 'writing' | 'thorough',
): T | null {
  const needy = segments.filter(({ busy, liveVectors, uncoveredVectors, liveChunks, graphIsWorn }) => {
    if (busy || liveVectors < limits.graphVectors) return false;
    if (mode === 'thorough') return uncoveredVectors > 0 || graphIsWorn;
    // While changes pour in, only a segment that will hardly be merged again is worth the work.
    if (mode === 'writing' && liveChunks < limits.segmentChunks / 2) return false;
    return graphIsWorn || (uncoveredVectors > 0 && uncoveredVectors >= liveVectors * UNCOVERED_SHARE);
  });
  return needy.reduce<T | null>((most, next) => (most && most.uncoveredVectors >= next.uncoveredVectors ? most : next), null);
}
