import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddingModel } from '../../src/modules/search/ports/embedding-model.js';

export interface OpenedModel {
  model: EmbeddingModel;
  close(): Promise<void>;
}

/** What every adapter of EmbeddingModel keeps. */
export function describeEmbeddingModel(name: string, open: () => Promise<OpenedModel>): void {
  describe(name, () => {
    let opened: OpenedModel;
    let model: EmbeddingModel;
    beforeAll(async () => {
      opened = await open();
      model = opened.model;
    });
    afterAll(() => opened.close());

    const embed = async (text: string) => (await model.embed([text]))[0] ?? new Float32Array();

    it('names its space with model, version and dimensions', () => {
      expect(model.space).toMatch(/^[^@/]+@[^@/]+\/\d+$/);
      expect(model.space.endsWith(`/${model.dimensions}`)).toBe(true);
      expect(model.weight).toBeGreaterThan(0);
    });

    it('gives a vector of length one for each text, in order', async () => {
      const texts = Array.from({ length: 150 }, (_, number) => `Report ${number} is about subject${number} and nothing else`);
      const vectors = await model.embed(texts);
      expect(vectors).toHaveLength(texts.length);
      for (const vector of vectors) {
        expect(vector).toHaveLength(model.dimensions);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
      }
      for (const at of [0, 63, 64, 149]) expect(cosine(vectors[at], await embed(texts[at] ?? ''))).toBeCloseTo(1, 4);
    });

    it('gives the same text the same vector, whatever stands beside it', async () => {
      const [alone, [, among]] = [await embed('the harbour master'), await model.embed(['something else', 'the harbour master', '港口'])];
      expect([...alone]).toEqual([...(among ?? [])]);
    });

    it('gives all zeros for a text without content, beside others too', async () => {
      const [empty, blank, full] = await model.embed(['', ' \n\t', 'words']);
      for (const vector of [empty, blank]) {
        expect(vector).toHaveLength(model.dimensions);
        expect(vector?.every((value) => value === 0)).toBe(true);
      }
      expect(full?.some((value) => value !== 0)).toBe(true);
      expect(await model.embed([])).toEqual([]);
    });

    it.each([
      ['The invoice is due on Friday', 'when is the invoice due', 'Honeybees dance in the garden'],
      ['年假需要提前两周申请', '年假怎么申请', '仓库的租约三月到期'],
    ])('puts what is alike nearer than what is not: %s', async (text, alike, other) => {
      expect(cosine(await embed(text), await embed(alike))).toBeGreaterThan(cosine(await embed(text), await embed(other)));
    });

    it('takes long and strange texts', async () => {
      for (const text of ['long '.repeat(20_000), '\u0000\ud800', '💥👩‍🚀', '!!!']) {
        const vector = await embed(text);
        expect(vector).toHaveLength(model.dimensions);
        expect(vector.every(Number.isFinite)).toBe(true);
      }
    });
  });
}

function cosine(one: Float32Array | undefined, two: Float32Array | undefined): number {
  return (one ?? new Float32Array()).reduce((sum, value, at) => sum + value * (two?.[at] ?? 0), 0);
}
