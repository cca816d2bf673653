import { describe, expect, it } from 'vitest';
import { fuse, lexicalVectorWeight } from './index.js';

const hits = (...pairs: [number, number][]) => pairs.map(([key, score]) => ({ key, score }));

describe(fuse.name, () => {
  it('keeps the order of keywords against a light vector, and adds what only the vector found', () => {
    const fused = fuse(hits([1, 20], [2, 10]), hits([3, 0.9], [2, 0.8], [1, 0.1]), { vectorWeight: lexicalVectorWeight });
    expect(fused.map(({ key }) => key)).toEqual([1, 2, 3]);
    expect(fused[1]).toMatchObject({ keywordScore: 10, vectorScore: 0.8 });
    expect(fused[2]).not.toHaveProperty('keywordScore');
  });

  it('decides near-ties by the vector', () => {
    expect(fuse(hits([1, 10], [2, 9.9]), hits([2, 0.5], [1, 0.2]), { vectorWeight: lexicalVectorWeight })[0]?.key).toBe(2);
  });

  it('gives both a say at equal weight, whatever the scale of similarities', () => {
    const fused = fuse(hits([1, 30], [2, 15]), hits([2, 0.72], [3, 0.71], [1, 0.6]), { vectorWeight: 1 });
    expect(fused.map(({ key }) => key)).toEqual([2, 1, 3]);
  });

  it('scores between 0 and 1 and breaks ties by id', () => {
    const fused = fuse(hits([5, 3], [4, 3]), hits([4, 0.3], [5, 0.3]), { vectorWeight: 1 });
    expect(fused.map(({ key, score }) => [key, score])).toEqual([[4, 1], [5, 1]]);
    expect(fuse([], hits([1, 0.4]), { vectorWeight: 0.05 })).toHaveLength(1);
    expect(fuse([], [], { vectorWeight: 1 })).toEqual([]);
  });

  it('refuses a weight that is no weight', () => {
    expect(() => fuse([], [], { vectorWeight: -1 })).toThrow('vectorWeight');
    expect(() => fuse([], [], { vectorWeight: Number.NaN })).toThrow('vectorWeight');
  });
});
