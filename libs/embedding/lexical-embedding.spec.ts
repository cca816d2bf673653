import { analyze } from '#libs/text';
import { describe, expect, it } from 'vitest';
import { LexicalEmbedding } from './index.js';

const embedding = new LexicalEmbedding();
function similarity(a: string, b: string): number {
  const [x, y] = embedding.embed([a, b]) as [Float32Array, Float32Array];
  return x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
}

describe(LexicalEmbedding.name, () => {
  it('gives unit vectors, the same for the same text, and a zero vector for nothing', () => {
    const [first, again, empty, stopWords] = embedding.embed(['数据库 index', '数据库 index', ' …', '的']);
    expect(first).toEqual(again);
    expect(Math.hypot(...first!)).toBeCloseTo(1, 5);
    expect(Math.hypot(...empty!)).toBe(0);
    expect(Math.hypot(...stopWords!)).toBeCloseTo(1, 5);
  });

  it('does not change without a new version: stored vectors depend on it', () => {
    const [vector] = new LexicalEmbedding(64).embed(['数据库 indexes for PostgreSQL']);
    const print = [...vector!].reduce((sum, value, at) => sum + value * (at + 1), 0);
    expect([embedding.version, print.toFixed(3)]).toEqual(['1', '-15.233']);
  });

  it('is near for shared words, typos and either script, and far for other subjects', () => {
    const other = similarity('database replication', 'apple pie recipe');
    expect(similarity('database replication', 'replicated databases')).toBeGreaterThan(0.5);
    expect(similarity('databse', 'database')).toBeGreaterThan(Math.abs(other) + 0.1);
    expect(similarity('資料庫備份', '资料库备份')).toBeCloseTo(1, 5);
    expect(Math.abs(other)).toBeLessThan(0.15);
  });

  it('takes tokens analysed before', () => {
    const text = '用户手册 user manual';
    expect(embedding.embedTokens(analyze(text), text)).toEqual(embedding.embed([text])[0]);
  });

  it('refuses useless sizes', () => {
    expect(() => new LexicalEmbedding(10)).toThrow('dimensions');
  });
});
