import type { MemoryTurnsService } from '../../memory/memory-turns.service.js';
import { Mem0MemorySource, type Mem0Form } from './mem0.memory-source.js';
import { Mem0Http, type Mem0Address } from './mem0-http.js';

/** How a self-hosted mem0 server wants it. */
const serverForm: Mem0Form = {
  search: (user_id, query, top_k) => ({ method: 'POST', path: '/search', body: { query, filters: { user_id }, top_k } }),
  add: (user_id, messages, metadata) => ({ method: 'POST', path: '/memories', body: { messages, user_id, metadata } }),
  list: (user_id, limit) => ({ method: 'GET', path: `/memories?${new URLSearchParams({ user_id, top_k: String(limit) }).toString()}` }),
  // It has no route for this: a list of nobody needs the key and its database, and is short.
  ping: () => ({ method: 'GET', path: '/memories?user_id=ai-stack-ping&top_k=1' }),
};

/** Memories of a self-hosted mem0 server. */
export class Mem0ServerMemorySource extends Mem0MemorySource {
  constructor(address: Mem0Address, turns: Pick<MemoryTurnsService, 'accept' | 'register'>, retryMs: number) {
    super(new Mem0Http(address, address.apiKey === undefined ? {} : { 'x-api-key': address.apiKey }), serverForm, turns, retryMs);
  }
}
