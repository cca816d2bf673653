import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LexicalEmbeddingModel } from '../../src/modules/search/adapters/lexical.embedding-model.js';
import { OpenAiEmbeddingModel } from '../../src/modules/search/adapters/openai.embedding-model.js';
import { startEmbeddingServer, type EmbeddingServer } from '../support/embedding-server.js';
import { describeEmbeddingModel } from './embedding-model.contract.js';

const dimensions = 256;
const openModel = ({ url }: EmbeddingServer) => new OpenAiEmbeddingModel({ baseUrl: url, apiKey: 'key-of-the-model', model: 'scripted', dimensions });

describeEmbeddingModel(LexicalEmbeddingModel.name, () => Promise.resolve({ model: new LexicalEmbeddingModel(), close: () => Promise.resolve() }));

describeEmbeddingModel(OpenAiEmbeddingModel.name, async () => {
  const server = await startEmbeddingServer(dimensions);
  return { model: openModel(server), close: () => server.stop() };
});

describe('an OpenAI-compatible endpoint', () => {
  let server: EmbeddingServer;
  let model: OpenAiEmbeddingModel;
  beforeAll(async () => {
    server = await startEmbeddingServer(dimensions);
    model = openModel(server);
  });
  afterAll(() => server.stop());
  beforeEach(() => server.behave({}));

  it('is asked in batches of at most 64, never for an empty text', async () => {
    const from = server.batches.length;
    await model.embed(Array.from({ length: 130 }, (_, number) => (number % 10 === 0 ? ' ' : `text ${number}`)));
    const sent = server.batches.slice(from);
    expect(sent).toHaveLength(3);
    expect(sent.flat()).toHaveLength(117);
    expect(sent.flat().every((text) => text.trim() !== '')).toBe(true);
  });

  it('is asked again after 429 and 5xx, but not after 401', async () => {
    server.fail(429, 500, 503);
    expect(await model.embed(['patience'])).toHaveLength(1);
    const from = server.batches.length;
    server.fail(401);
    await expect(model.embed(['no key'])).rejects.toMatchObject({ code: 'search.embedding_unavailable', kind: 'unavailable' });
    expect(server.batches.length).toBe(from);
  });

  it('is not waited for when somebody waits: one attempt', async () => {
    server.fail(500);
    await expect(model.embed(['in a hurry'], { urgent: true })).rejects.toMatchObject({ code: 'search.embedding_unavailable' });
    expect(await model.embed(['in a hurry'], { urgent: true })).toHaveLength(1);
  });

  it('that is down is named without its key', async () => {
    server.behave({ down: true });
    const error = await model.embed(['x'], { urgent: true }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'search.embedding_unavailable' });
    expect(String((error as Error).message)).toContain('EMBEDDING_BASE_URL');
    expect(JSON.stringify(error) + String(error)).not.toContain('key-of-the-model');
  });

  it.each(['fewer vectors', 'no list', 'no numbers'] as const)('that answers nonsense is unavailable, not believed: %s', async (nonsense) => {
    server.behave({ nonsense });
    await expect(model.embed(['one', 'two'], { urgent: true })).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('that answers other dimensions is told with the right ones', async () => {
    server.behave({ dimensions: 99 });
    await expect(model.embed(['x'])).rejects.toMatchObject({ code: 'search.embedding_dimensions', message: expect.stringContaining('Set it to 99') });
  });

  it('is given up at once when the caller stops', async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(model.embed(['x'], { signal: stop.signal })).rejects.toThrow();
  });
});
