import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idfIn, KeywordPart, KeywordSegment, KeywordTail, mergeKeywordSegments, searchKeywords, writeKeywordTail } from './index.js';

type Terms = Record<string, number>;

describe('keyword index', () => {
  let directory: string;
  const opened: KeywordSegment[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'keyword-index-'));
  });

  afterAll(async () => {
    for (const segment of opened) segment.close();
    await rm(directory, { recursive: true });
  });

  function tailOf(chunks: Terms[]): KeywordTail {
    const tail = new KeywordTail();
    for (const terms of chunks) tail.addChunk(Object.entries(terms));
    return tail;
  }

  const everything = (count: number) => Int32Array.from({ length: count }, (_, ordinal) => ordinal);

  async function segmentOf(name: string, chunks: Terms[], remap = everything(chunks.length)): Promise<KeywordSegment> {
    const path = join(directory, name);
    await mkdir(path);
    const kept = remap.filter((ordinal) => ordinal >= 0).length;
    const segment = await KeywordSegment.open(path, writeKeywordTail(await tailOf(chunks).data(), remap, kept, path));
    opened.push(segment);
    return segment;
  }

  /** Found chunks as [part × 100 + ordinal, score]. */
  function search(parts: KeywordPart[], terms: Terms, limit = 10): [number, number][] {
    const views = parts.map((part, index) => ({
      part,
      keys: Float64Array.from({ length: part.chunks }, (_, ordinal) => index * 100 + ordinal),
      documentOf: new Uint32Array(part.chunks),
      documents: Float64Array.of(1),
      accepted: Uint8Array.of(1),
    }));
    return searchKeywords(views, Object.entries(terms), limit, { k1: 1.2, b: 0.75 }).sorted().map(({ key, score }) => [key, score]);
  }

  const chunks: Terms[] = [{ 太阳能: 2, panel: 1 }, { panel: 3, roof: 1 }, { roof: 1, garden: 300 }, { x: 1 }, { 太阳能: 1, roof: 2 }];

  it('scores by BM25 as published', () => {
    const tail = tailOf([{ a: 2, b: 1 }, { b: 1 }, { c: 4 }]);
    const idf = Math.log(1 + (3 - 1 + 0.5) / (1 + 0.5));
    const norm = 2 + 1.2 * (1 - 0.75 + (0.75 * 3) / (8 / 3));
    expect(search([tail], { a: 1 })).toEqual([[0, expect.closeTo((idf * 2 * 2.2) / norm, 6)]]);
    expect(idfIn([tail], 'a')).toBeCloseTo(idf, 12);
    expect(idfIn([tail], 'nowhere')).toBeGreaterThan(idf);
  });

  it('answers the same from memory, from a segment, and from chunks spread over both', async () => {
    const question = { 太阳能: 1, roof: 2, unknown: 1 };
    const expected = search([tailOf(chunks)], question);
    expect(expected.map(([key]) => key)).toEqual([4, 1, 0, 2]);
    expect(search([await segmentOf('whole', chunks)], question)).toEqual(expected);
    const spread = search([await segmentOf('first', chunks.slice(0, 2)), tailOf(chunks.slice(2))], question);
    expect(spread.map(([key, score]) => [key < 100 ? key : key - 98, score])).toEqual(expected);
  });

  it('merges segments into what indexing the kept chunks at once would give', async () => {
    const one = await segmentOf('one', chunks);
    const two = await segmentOf('two', [{ roof: 5, tile: 1 }, { panel: 1 }, { zebra: 1 }]);
    const path = join(directory, 'merged');
    await mkdir(path);
    const files = mergeKeywordSegments(
      [
        { directory: join(directory, 'one'), remap: Int32Array.of(0, -1, 1, -1, 2) },
        { directory: join(directory, 'two'), remap: Int32Array.of(3, 4, -1) },
      ],
      5,
      path,
    );
    const merged = await KeywordSegment.open(path, files);
    opened.push(merged);
    const kept = tailOf([chunks[0], chunks[2], chunks[4], { roof: 5, tile: 1 }, { panel: 1 }] as Terms[]);
    for (const term of ['太阳能', 'panel', 'roof', 'garden', 'tile', 'zebra', 'x']) {
      expect(search([merged], { [term]: 1 }), term).toEqual(search([kept], { [term]: 1 }));
      expect(idfIn([merged], term)).toBeCloseTo(idfIn([kept], term), 12);
    }
    expect(one.chunks + two.chunks).toBe(8);
  });

  it('keeps removed chunks out of the statistics', () => {
    const tail = tailOf([{ a: 1 }, { a: 1, b: 9 }]);
    tail.forget(1);
    expect(tail).toMatchObject({ liveChunks: 1, liveLength: 1 });
    expect(idfIn([tail], 'a')).toBeCloseTo(Math.log(1 + 0.5 / 1.5), 12);
  });

  it('holds many terms, very long ones, and terms of equal hash apart', async () => {
    const many = Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`term${i}`, 1 + (i % 300)]));
    const long = 'y'.repeat(5_000);
    const parts = [tailOf([many, { [long]: 1 }]), await segmentOf('many', [many, { [long]: 1 }])];
    for (const part of parts) {
      for (let i = 0; i < 60_000; i += 997) expect(part.rawFrequency(`term${i}`), `term${i}`).toBe(1);
      expect(part.rawFrequency('term60000')).toBe(0);
      expect(part.rawFrequency(long)).toBe(1);
    }
  });
});
