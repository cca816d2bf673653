import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { v4 as uuid } from 'uuid';
import { sendJson, startWireServer } from './wire-server.js';

interface Kept {
  id: string;
  memory: string;
  user_id: string;
  metadata: Record<string, unknown>;
}

export interface Mem0Request {
  method: string;
  path: string;
  body: Record<string, unknown> | undefined;
  key: string | undefined;
}

/** `lost`: what is added is kept, but the answer is 500. `leaky`: filters are ignored. */
export type Mem0Mood = 'well' | 'slow' | 'failing' | 'lost' | 'leaky' | 'nonsense' | 'huge';

/** A self-hosted mem0 server, as far as an engine speaks to one: it keeps each sentence of a user that has an "I" in it. */
export interface Mem0Server {
  /** Without a path. */
  readonly url: string;
  readonly requests: Mem0Request[];
  /** How often something was added. */
  readonly added: { count: number };
  behave(mood: Mem0Mood): void;
  stop(): Promise<void>;
}

const words = (text: string): Set<string> => new Set(text.toLowerCase().match(/\p{L}{3,}/gu) ?? []);

export async function startMem0Server(apiKey: string): Promise<Mem0Server> {
  let mood: Mem0Mood = 'well';
  const memories: Kept[] = [];
  const requests: Mem0Request[] = [];
  const added = { count: 0 };

  const add = (body: Record<string, unknown>, response: ServerResponse) => {
    if (!body.user_id) return sendJson(response, 400, { detail: 'At least one identifier is required.' });
    added.count++;
    const told = (body.messages as { role: string; content: string }[]).filter(({ role }) => role === 'user').flatMap(({ content }) => content.split(/(?<=[.?!])\s+/)).filter((sentence) => /\bI\b/.test(sentence));
    const kept = told.map((memory) => ({ id: uuid(), memory, user_id: String(body.user_id), metadata: (body.metadata ?? {}) as Record<string, unknown> }));
    memories.push(...kept);
    if (mood === 'lost') return sendJson(response, 500, { detail: 'Internal error' });
    sendJson(response, 200, { results: kept.map(({ id, memory }) => ({ id, memory, event: 'ADD' })) });
  };
  const search = (body: Record<string, unknown>, response: ServerResponse) => {
    const { user_id } = body.filters as { user_id?: string };
    const asked = words(String(body.query));
    const hits = memories.filter((one) => mood === 'leaky' || one.user_id === user_id).map((one) => ({ ...one, score: [...words(one.memory)].filter((word) => asked.has(word)).length / 10 }));
    const results = hits.filter(({ score }) => score > 0 || mood === 'leaky').sort((a, b) => b.score - a.score).slice(0, Number(body.top_k ?? 100));
    sendJson(response, 200, { results });
  };

  const server = await startWireServer(async (path, body, request, response) => {
    const key = request.headers['x-api-key'] as string | undefined;
    const sent = body as Record<string, unknown> | undefined;
    requests.push({ method: String(request.method), path, body: sent, key });
    if (mood === 'slow') await delay(60_000, undefined, { ref: false });
    if (mood === 'failing') return sendJson(response, 503, { detail: 'Down' });
    if (mood === 'nonsense') return sendJson(response, 200, { results: 'none' });
    if (mood === 'huge') return sendJson(response, 200, { results: [], padding: 'x'.repeat(2_000_000) });
    if (key !== apiKey) return sendJson(response, 401, { detail: 'Invalid API key.' });
    const { pathname, searchParams } = new URL(path, 'http://host');
    if (request.method === 'POST' && pathname === '/memories') return add(sent ?? {}, response);
    if (request.method === 'POST' && pathname === '/search') return search(sent ?? {}, response);
    if (request.method === 'GET' && pathname === '/memories') return sendJson(response, 200, { results: memories.filter(({ user_id }) => user_id === searchParams.get('user_id')) });
    sendJson(response, 404, { detail: 'Not Found' });
  });
  return { url: server.url.replace(/\/v1$/, ''), requests, added, behave: (next) => (mood = next), stop: () => server.stop() };
}
