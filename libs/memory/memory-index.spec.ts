import { describe, expect, it } from 'vitest';
import { MemoryIndex, termsOf, type IndexedMemory, type MemoryQuery } from './index.js';

const dimensions = 16;
/** The same sequence in each run. */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

const texts = ['我对花生过敏', 'I prefer aisle seats on long flights', '我喜欢喝绿茶', 'My dog is called Rex'];

describe(MemoryIndex.name, () => {
  const index = new MemoryIndex();
  texts.forEach((text, at) => index.put(String(at), { terms: termsOf(text), vector: Float32Array.from([at === 3 ? 1 : 0, 1]) }));
  const find = async (query: string, more: Partial<MemoryQuery> = {}) => (await index.search({ terms: termsOf(query), vectorWeight: 1, semantic: true, limit: 3, ...more })).map(({ id }) => texts[Number(id)]);

  it('finds by terms in both languages, and nothing without a term in common', async () => {
    expect(await find('花生能吃吗')).toEqual([texts[0]]);
    expect(await find('which seat do I prefer')).toEqual([texts[1]]);
    expect(await find('quarterly revenue')).toEqual([]);
  });

  it('adds what only the vectors find, and keeps to what is allowed', async () => {
    expect((await find('puppy', { vector: Float32Array.from([1, 0.9]) }))[0]).toBe(texts[3]);
    expect(await find('绿茶', { allowed: (id) => id !== '2' })).toEqual([]);
    expect(await find('puppy', { vector: Float32Array.from([1, 0.9]), allowed: (id) => id !== '3' })).not.toContain(texts[3]);
  });

  it('asks vectors that know words alone only for what words do not find', async () => {
    const vector = Float32Array.from([1, 0.9]);
    expect(await find('green tea flights', { vector, semantic: false, limit: 1 })).toEqual([texts[1]]);
    expect(await find('puppy', { vector, semantic: false, limit: 1 })).toEqual([texts[3]]);
  });

  it('answers after any changes as one that was made of what is left', async () => {
    const next = random(7);
    const words = Array.from({ length: 60 }, (_, word) => `w${word}`);
    const memoryOf = (): IndexedMemory => ({
      terms: Array.from({ length: 1 + Math.floor(next() * 8) }, () => words[Math.floor(next() * words.length)] as string),
      vector: next() < 0.2 ? undefined : Float32Array.from({ length: dimensions }, () => next() - 0.5),
    });
    const left = new Map<string, IndexedMemory>();
    const changing = new MemoryIndex();
    for (let step = 0; step < 2_000; step++) {
      const id = `m${String(Math.floor(next() * 300)).padStart(3, '0')}`;
      if (next() < 0.4) expect(changing.remove(id)).toBe(left.delete(id));
      else {
        const memory = memoryOf();
        changing.put(id, memory);
        left.set(id, memory);
      }
    }
    expect(changing.size).toBe(left.size);
    expect(changing.oldest()).toBe([...left.keys()].sort()[0]);
    const fresh = new MemoryIndex();
    for (const [id, memory] of left) fresh.put(id, memory);
    for (let asked = 0; asked < 100; asked++) {
      const query: MemoryQuery = { terms: memoryOf().terms, vector: Float32Array.from({ length: dimensions }, () => next() - 0.5), vectorWeight: asked % 2 ? 1 : 0.05, semantic: asked % 2 === 1, limit: left.size, ...(asked % 3 ? {} : { allowed: (id: string) => Number(id.slice(1)) % 2 === 0 }) };
      const [one, two] = [await changing.search(query), await fresh.search(query)];
      expect(one.map(({ id }) => id)).toEqual(two.map(({ id }) => id));
      one.forEach(({ score }, at) => expect(score).toBeCloseTo(two[at]?.score ?? -1, 9));
    }
  });

  it('is not confused by changes while it compares vectors', async () => {
    const wide = 2_048;
    const far = Float32Array.from({ length: wide }, (_, at) => (at % 2 ? 1 : -1));
    const near = Float32Array.from({ length: wide }, () => 1);
    const large = new MemoryIndex();
    for (let at = 0; at < 4_000; at++) large.put(String(at).padStart(5, '0'), { terms: ['x'], vector: at === 3_999 ? near : far });
    const searching = large.search({ terms: [], vector: near, vectorWeight: 1, semantic: true, limit: 5 });
    large.remove('00000');
    large.put('00001', { terms: ['x'], vector: far });
    expect((await searching).map(({ id }) => id)).toEqual(['03999']);
  });
});
