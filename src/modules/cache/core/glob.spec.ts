import { describe, expect, it } from 'vitest';
import { glob } from './glob.js';

describe('glob', () => {
  it.each([
    ['search:*', 'search:[1,"a"]', true],
    ['search:*', 'answers:[1]', false],
    ['*lease*', 'search:lease terms', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['ab*ba', 'aba', false],
    ['exact', 'exact', true],
    ['exact', 'exact!', false],
    ['[a-z].+', '[a-z].+', true],
    ['*', '', true],
    ['**', 'x', true],
  ])('%s on %s: %s', (pattern, text, expected) => {
    expect(glob(pattern)(text)).toBe(expected);
  });

  it('stays fast on the pattern that is exponential for a backtracking matcher', () => {
    const matches = glob(`${'a*'.repeat(100)}b`);
    const text = 'a'.repeat(10_000);
    const started = performance.now();
    for (let i = 0; i < 100; i++) expect(matches(text)).toBe(false);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
