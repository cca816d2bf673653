import { describe, expect, it } from 'vitest';
import { approximateBytes } from './approximate-bytes.js';

describe('approximateBytes', () => {
  it('grows with text, numbers, buffers and the depth of the value', () => {
    expect(approximateBytes('中'.repeat(1_000), Infinity)).toBeGreaterThanOrEqual(2_000);
    expect(approximateBytes(Array(1_000).fill(1.5), Infinity)).toBeGreaterThanOrEqual(8_000);
    expect(approximateBytes({ a: { b: Buffer.alloc(5_000) } }, Infinity)).toBeGreaterThanOrEqual(5_000);
    expect(approximateBytes(new Map([['k', 'v'.repeat(1_000)]]), Infinity)).toBeGreaterThanOrEqual(2_000);
    expect(approximateBytes(null, Infinity)).toBeLessThan(50);
  });

  it('gives up above the limit, so that a value which refers to itself ends', () => {
    const ring: { next?: unknown } = {};
    ring.next = ring;
    expect(approximateBytes(ring, 10_000)).toBeGreaterThan(10_000);
  });
});
