import { describe, expect, it } from 'vitest';
import { cacheKey, shortened } from './cache-namespaces.js';

describe('cacheKey', () => {
  it('is the same for equal inputs in another order, at every depth', () => {
    expect(cacheKey(42, { top_k: 10, filter: { b: 1, a: [2] } })).toBe(cacheKey(42, { filter: { a: [2], b: 1 }, top_k: 10 }));
    expect(cacheKey(42, 'hybrid', { top_k: 10, query: 'lease' })).toBe('[42,"hybrid",{"query":"lease","top_k":10}]');
  });

  it('differs for inputs that only look alike', () => {
    const keys = [cacheKey('a:b', 'c'), cacheKey('a', 'b:c'), cacheKey(1), cacheKey('1'), cacheKey(null), cacheKey(), cacheKey([1, 2]), cacheKey([2, 1])];
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('shortened', () => {
  it('keeps short texts, and tells long ones apart by their end', () => {
    const long = '长'.repeat(5_000);
    expect(shortened('short')).toBe('short');
    expect(shortened(`${long}a`)).not.toBe(shortened(`${long}b`));
    expect(shortened(long).length).toBeLessThanOrEqual(200);
    expect(shortened(shortened(long))).toBe(shortened(long));
  });
});
