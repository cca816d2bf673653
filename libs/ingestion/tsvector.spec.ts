import { describe, expect, it } from 'vitest';
import { fromTsvector, toTsvector } from './tsvector.js';

describe('tsvector text', () => {
  it('counts terms', () => {
    expect([...fromTsvector(toTsvector(['缓存', 'hit', '缓存', 'rate']))]).toEqual([
      ['缓存', 2],
      ['hit', 1],
      ['rate', 1],
    ]);
  });

  it('brings quotes and backslashes back', () => {
    const terms = ["o'neil", 'c:\\temp', "''", '\\'];
    expect([...fromTsvector(toTsvector(terms))].map(([term]) => term)).toEqual(terms);
  });

  it('leaves out what PostgreSQL cannot hold', () => {
    expect(toTsvector(['', 'a\u0000b', 'x'.repeat(3000)])).toBe('');
  });

  it('bounds positions of a term that stands everywhere', () => {
    const [entry] = fromTsvector(toTsvector(Array.from({ length: 20_000 }, () => 'the')));
    expect(entry).toEqual(['the', 255]);
  });
});
