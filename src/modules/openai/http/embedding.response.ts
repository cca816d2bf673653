import { z } from 'zod';
import type { TextVectors } from '../text-embedding.service.js';

export const embeddingResponse = z
  .object({
    object: z.literal('list'),
    data: z.array(z.object({ object: z.literal('embedding'), index: z.int(), embedding: z.union([z.array(z.number()), z.string()]).describe('Length 1; all zeros for a text without content') })),
    model: z.string(),
    usage: z.object({ prompt_tokens: z.int(), total_tokens: z.int() }).describe('Estimated'),
  })
  .meta({ id: 'EmbeddingList', example: { object: 'list', data: [{ object: 'embedding', index: 0, embedding: 'AACAPwAAAAA=' }], model: 'lexical', usage: { prompt_tokens: 12, total_tokens: 12 } } });

/** The response in pieces, a vector each: a thousand of them as one text would hold the event loop. */
export function* embeddingJson({ model, vectors, tokens }: TextVectors, format: 'float' | 'base64'): Generator<string> {
  yield '{"object":"list","data":[';
  for (const [index, vector] of vectors.entries()) {
    yield `${index === 0 ? '' : ','}${JSON.stringify({ object: 'embedding', index, embedding: format === 'base64' ? toBase64(vector) : Array.from(vector) })}`;
  }
  yield `],"model":${JSON.stringify(model)},"usage":{"prompt_tokens":${tokens},"total_tokens":${tokens}}}`;
}

function toBase64(vector: Float32Array): string {
  const bytes = Buffer.allocUnsafe(vector.length * 4);
  vector.forEach((value, index) => bytes.writeFloatLE(value, index * 4));
  return bytes.toString('base64');
}
