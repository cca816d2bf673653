import { describe, expect, it } from 'vitest';
import { planGraph, planMerge, type SegmentState } from './compaction-plan.js';
import { DEFAULT_LIMITS } from './types.js';

function segment(chunks: number, others: Partial<SegmentState> = {}): SegmentState {
  return { chunks, liveChunks: chunks, liveVectors: chunks, uncoveredVectors: chunks, graphIsWorn: false, busy: false, ...others };
}

describe(planMerge.name, () => {
  it('merges small segments, four at a time, never beyond the size limit', () => {
    const small = [segment(4_000), segment(3_000), segment(5_000)];
    expect(planMerge(small, DEFAULT_LIMITS, false)).toEqual([]);
    expect(planMerge([...small, segment(60_000), segment(4_000)], DEFAULT_LIMITS, false)).toHaveLength(4);
    expect(planMerge([segment(40_000), segment(30_000)], DEFAULT_LIMITS, true)).toEqual([]);
  });

  it('rewrites a segment that lost 30 % of its chunks, but not one in use', () => {
    const worn = segment(50_000, { liveChunks: 34_000 });
    expect(planMerge([worn, segment(60_000)], DEFAULT_LIMITS, false)).toEqual([worn]);
    expect(planMerge([{ ...worn, busy: true }], DEFAULT_LIMITS, false)).toEqual([]);
  });
});

describe(planGraph.name, () => {
  it('leaves segments without a graph as long as they are small, or still growing', () => {
    expect(planGraph([segment(2_000)], DEFAULT_LIMITS, 'thorough')).toBeNull();
    expect(planGraph([segment(8_000)], DEFAULT_LIMITS, 'writing')).toBeNull();
    expect(planGraph([segment(8_000)], DEFAULT_LIMITS, 'quiet')).not.toBeNull();
  });

  it('extends a graph when a tenth is outside it, and replaces a worn one', () => {
    expect(planGraph([segment(20_000, { uncoveredVectors: 500 })], DEFAULT_LIMITS, 'quiet')).toBeNull();
    expect(planGraph([segment(20_000, { uncoveredVectors: 3_000 })], DEFAULT_LIMITS, 'quiet')).not.toBeNull();
    expect(planGraph([segment(20_000, { uncoveredVectors: 0, graphIsWorn: true })], DEFAULT_LIMITS, 'quiet')).not.toBeNull();
  });
});
