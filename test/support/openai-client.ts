import OpenAI, { type APIError } from 'openai';
import { Api } from './api.js';
import type { ServerProcess } from './server-process.js';

/** What the tests of the OpenAI form ask, and what is there to answer it. */
export const question = 'When does the lease of the warehouse end?';
export const lease = 'The lease of the warehouse in Hamburg ends on 31 March 2027. The rent is 4,200 euros a month.';
export const vans = 'The company owns twelve delivery vans. Each van is inspected every six months by the workshop in Bremen.';
export const source = 'https://wiki.example.com/lease';

/** The official client against our server; a failure is seen at once. */
export const clientOf = (server: ServerProcess, apiKey = server.ownerKey): OpenAI => new OpenAI({ baseURL: `${server.url}/v1`, apiKey, maxRetries: 0 });

/** Puts the lease into the default collection, the vans into another one. @returns the id of the lease's document */
export async function addDocuments(server: ServerProcess): Promise<string> {
  const api = new Api(server.url, server.ownerKey);
  await api.post('/rag/collections', { name: 'fleet' });
  const { doc_id } = await api.ingest(lease, { title: 'Lease', source });
  await api.ingest(vans, { title: 'Vans', collection: 'fleet' });
  return doc_id;
}

export const ask = (content: string): OpenAI.ChatCompletionMessageParam[] => [{ role: 'user', content }];

/** What a call failed with. @throws when it succeeds */
export async function failure(call: Promise<unknown>): Promise<APIError> {
  return call.then(
    (value) => {
      throw new Error(`This should have failed: ${JSON.stringify(value)}`);
    },
    (error: APIError) => error,
  );
}

export interface Streamed {
  chunks: OpenAI.ChatCompletionChunk[];
  text: string;
}

/** The whole stream of a completion. */
export async function stream(from: OpenAI, more: Partial<OpenAI.ChatCompletionCreateParamsStreaming> = {}, headers: Record<string, string> = {}): Promise<Streamed> {
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  for await (const chunk of await from.chat.completions.create({ model: 'ai-stack', messages: ask(question), ...more, stream: true }, { headers })) chunks.push(chunk);
  return { chunks, text: chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('') };
}
