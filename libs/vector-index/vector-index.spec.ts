import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGraph, FileRows, InvalidVectorError, MemoryRows, renumberGraph, searchVectors, VectorGraph, type VectorView } from './index.js';

const DIMENSIONS = 48;
const CHUNKS = 3_000;

/** Deterministic vectors in loose clusters, of unit length. */
function someVectors(count: number, seed: number): Float32Array[] {
  let state = seed;
  const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 4_294_967_296;
  const centres = Array.from({ length: 40 }, () => Array.from({ length: DIMENSIONS }, () => random() - 0.5));
  return Array.from({ length: count }, () => {
    const centre = centres[Math.floor(random() * 40)] as number[];
    const vector = Float32Array.from(centre, (x) => x + random() - 0.5);
    const length = Math.hypot(...vector);
    return vector.map((x) => x / length);
  });
}

describe('vector index', () => {
  const vectors = someVectors(CHUNKS, 1);
  const queries = someVectors(50, 2);
  let directory: string;
  let rows: FileRows;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'vector-index-'));
    const memory = new MemoryRows(DIMENSIONS);
    for (const vector of vectors) memory.add(vector);
    const data = await memory.data();
    await writeFile(join(directory, 'vectors.bin'), data.rows);
    rows = new FileRows(join(directory, 'vectors.bin'), DIMENSIONS, data.present);
  });

  afterAll(async () => {
    rows.close();
    await rm(directory, { recursive: true });
  });

  /** One document a chunk; its number and key are the ordinal. */
  function view(graph: VectorGraph | null, accepts: (ordinal: number) => boolean = () => true): VectorView {
    const numbers = Uint32Array.from({ length: CHUNKS + 1 }, (_, i) => i);
    const accepted = Uint8Array.from(vectors, (_, ordinal) => (accepts(ordinal) ? 1 : 0));
    const documents = Float64Array.from(numbers);
    return {
      part: { rows, keys: documents, documentOf: numbers, documents, starts: numbers },
      graph,
      accepted,
      acceptedChunks: accepted.reduce((sum, flag) => sum + flag, 0),
    };
  }

  async function recall(searched: VectorView, limit = 10): Promise<number> {
    let found = 0;
    for (const query of queries) {
      const cosines = vectors.map((vector) => vector.reduce((sum, x, i) => sum + x * (query[i] as number), 0));
      const cosine = (ordinal: number) => cosines[ordinal] as number;
      const expected = [...searched.accepted.keys()]
        .filter((ordinal) => searched.accepted[ordinal] === 1)
        .sort((a, b) => cosine(b) - cosine(a))
        .slice(0, limit);
      const hits = (await searchVectors([searched], query, DIMENSIONS, limit)).sorted();
      expect(hits).toHaveLength(expected.length);
      expect(hits[0]?.score).toBeCloseTo(cosine(hits[0]?.key as number), 2);
      found += hits.filter((hit) => expected.includes(hit.key)).length / expected.length;
    }
    return found / queries.length;
  }

  async function graphOver(name: string, wanted: (ordinal: number) => boolean, seed: string | null = null): Promise<VectorGraph> {
    const target = join(directory, name);
    await mkdir(target);
    const flags = Uint8Array.from(vectors, (_, ordinal) => (wanted(ordinal) ? 1 : 0));
    const task = { vectorsPath: join(directory, 'vectors.bin'), dimensions: DIMENSIONS, wanted: flags, seed, target };
    return VectorGraph.open(target, buildGraph(task), DIMENSIONS, CHUNKS);
  }

  it('finds the nearest by scanning, all or few', async () => {
    expect(await recall(view(null))).toBeGreaterThan(0.97);
    expect(await recall(view(null, (ordinal) => ordinal % 100 === 7))).toBeGreaterThan(0.97);
  });

  it('finds the nearest by graph, and scans what the graph does not cover', async () => {
    const graph = await graphOver('half', (ordinal) => ordinal % 2 === 0);
    expect(graph.coveredChunks).toBe(CHUNKS / 2);
    expect(await recall(view(graph))).toBeGreaterThan(0.95);
    const extended = await graphOver('extended', (ordinal) => ordinal % 3 !== 0, join(directory, 'half'));
    expect(extended.coveredChunks).toBe(2_000);
    expect(await recall(view(extended, (ordinal) => ordinal % 3 !== 0))).toBeGreaterThan(0.95);
    graph.release();
    extended.release();
  });

  it('returns as many as there are, however few of the near ones are accepted', async () => {
    const graph = await graphOver('filtered', () => true);
    for (const share of [2, 5, 20, 500]) {
      expect(await recall(view(graph, (ordinal) => ordinal % share === 0)), `1 of ${share}`).toBeGreaterThan(0.95);
    }
    graph.release();
  });

  it('carries a graph over to new ordinals', async () => {
    const graph = await graphOver('before', () => true);
    const target = join(directory, 'after');
    await mkdir(target);
    const files = renumberGraph(join(directory, 'before'), Int32Array.from(vectors, (_, ordinal) => (ordinal < 10 ? -1 : ordinal)), target);
    const carried = await VectorGraph.open(target, files, DIMENSIONS, CHUNKS);
    expect(carried.coveredChunks).toBe(CHUNKS - 10);
    expect(await recall(view(carried))).toBeGreaterThan(0.95);
    carried.release();
    graph.release();
  });

  it('refuses vectors that would spoil every search, and treats zeros as none', async () => {
    const memory = new MemoryRows(DIMENSIONS);
    expect(() => memory.add(new Float32Array(DIMENSIONS).fill(NaN))).toThrow(InvalidVectorError);
    expect(() => memory.add(new Float32Array(3))).toThrow(InvalidVectorError);
    memory.add(new Float32Array(DIMENSIONS));
    memory.add(null);
    expect([...memory.present.subarray(0, 2)]).toEqual([0, 0]);
    await expect(searchVectors([], Float32Array.of(NaN), 1, 5)).rejects.toThrow(InvalidVectorError);
  });
});
