import { createHash } from 'node:crypto';
import { sendFailure, sendJson, startWireServer, type WireServer } from './wire-server.js';

/** An embedding model's HTTP server (OpenAI wire form). */
export interface EmbeddingServer extends WireServer {
  /** Texts of each request, in order. */
  readonly batches: string[][];
  /** The next requests fail with these statuses, one each. */
  fail(...statuses: number[]): void;
  /** What it does with every request from now on. */
  behave(behaviour: Behaviour): void;
}

interface Behaviour {
  /** Others than it was started with. */
  dimensions?: number;
  /** Answers wait for what it gives for their request; what is told to the server meanwhile applies to them. */
  hold?: (request: string) => Promise<void> | undefined;
  /** Connections are dropped. */
  down?: boolean;
  /** Requests with a text that holds this are answered with 400. */
  refuses?: string;
  /** Takes so long for each answer, in milliseconds. */
  slow?: number;
  /** Answers 200 with something that is no answer. */
  nonsense?: 'fewer vectors' | 'no list' | 'no numbers';
}

/** Vectors are made of the words' hashes: texts that share words are near each other. */
export async function startEmbeddingServer(dimensions: number): Promise<EmbeddingServer> {
  const statuses: number[] = [];
  const batches: string[][] = [];
  let behaviour: Behaviour = {};
  const server = await startWireServer(async (_path, body, request, response) => {
    await behaviour.hold?.(JSON.stringify(body));
    if (behaviour.down) {
      request.socket.destroy();
      return;
    }
    const status = statuses.shift();
    if (status !== undefined) return sendFailure(response, status);
    const input = (body as { input: string | string[] }).input;
    const texts = typeof input === 'string' ? [input] : input;
    const { refuses } = behaviour;
    if (refuses !== undefined && texts.some((text) => text.includes(refuses))) return sendFailure(response, 400);
    batches.push(texts);
    // Out of order on purpose: the index says which is which.
    const data = texts.map((text, index) => ({ object: 'embedding', index, embedding: embed(text, behaviour.dimensions ?? dimensions) })).reverse();
    if (behaviour.nonsense === 'fewer vectors') data.pop();
    if (behaviour.nonsense === 'no numbers') Object.assign(data[0] ?? {}, { embedding: Array.from({ length: dimensions }, () => null) });
    if (behaviour.nonsense === 'no list') return sendJson(response, 200, { status: 'fine' });
    setTimeout(() => sendJson(response, 200, { object: 'list', model: 'scripted', data, usage: { prompt_tokens: 1, total_tokens: 1 } }), behaviour.slow ?? 0);
  });
  return {
    ...server,
    batches,
    fail: (...next) => void statuses.push(...next),
    behave: (next) => {
      behaviour = next;
    },
  };
}

function embed(text: string, dimensions: number): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const word of text.toLowerCase().match(/\p{Script=Han}|[\p{L}\p{N}]+/gu) ?? []) {
    const hash = createHash('md5').update(word).digest();
    const at = hash.readUInt32LE(0) % dimensions;
    vector[at] = (vector[at] ?? 0) + 3;
  }
  return vector;
}
