import { describe, expect, it } from 'vitest';
import { decide, hashOf, MemoryIndex, termsOf } from './index.js';

const known = (id: string, text: string, attribute: string | null = null) => ({ id, text, hash: hashOf(text), terms: termsOf(text), attribute });
const fact = (text: string, attribute?: string) => ({ hash: hashOf(text), terms: termsOf(text), attribute });

describe('decide', () => {
  const memories = [known('name', '我叫张三', 'name'), known('tea', 'I like green tea', 'like:green tea'), known('trip', 'The team flies to Lisbon on 4 May at nine')];

  it('knows the same text, whatever its case, width and punctuation', () => {
    expect(decide(fact('i like GREEN tea!'), memories)).toEqual({ event: 'NONE', id: 'tea' });
    expect(decide(fact('我叫张三。'), memories)).toEqual({ event: 'NONE', id: 'name' });
  });
  it('lets another value of the same attribute take the place of the old one', () => {
    expect(decide(fact('我叫李四', 'name'), memories)).toEqual({ event: 'UPDATE', id: 'name' });
    expect(decide(fact("I don't like green tea", 'like:green tea'), memories)).toEqual({ event: 'UPDATE', id: 'tea' });
  });
  it('updates on a near-duplicate, adds what is new, and leaves less than what is known', () => {
    expect(decide(fact('The team flies to Lisbon on 4 May at ten'), memories)).toEqual({ event: 'UPDATE', id: 'trip' });
    expect(decide(fact('The team meets in Lisbon every spring'), memories)).toEqual({ event: 'ADD' });
    expect(decide(fact('The team flies to Lisbon on 4 May'), memories)).toEqual({ event: 'NONE', id: 'trip' });
  });
});

describe('MemoryIndex', () => {
  const texts = ['我对花生过敏', 'I prefer aisle seats on long flights', '我喜欢喝绿茶', 'My dog is called Rex'];
  const index = new MemoryIndex(texts.map((text, at) => ({ terms: termsOf(text), vector: Float32Array.from([at === 3 ? 1 : 0, 1]) })));
  const find = (query: string, more = {}) => index.search({ terms: termsOf(query), vectorWeight: 1, limit: 3, ...more }).map(({ id }) => texts[id]);

  it('finds by terms in both languages, and nothing without a term in common', () => {
    expect(find('花生能吃吗')).toEqual([texts[0]]);
    expect(find('which seat do I prefer')).toEqual([texts[1]]);
    expect(find('quarterly revenue')).toEqual([]);
  });
  it('adds what only the vectors find, and keeps to what is allowed', () => {
    expect(find('puppy', { vector: Float32Array.from([1, 0.9]) })[0]).toBe(texts[3]);
    expect(find('绿茶', { allowed: (entry: number) => entry !== 2 })).toEqual([]);
  });
});
