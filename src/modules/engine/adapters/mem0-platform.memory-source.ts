import type { MemoryTurnsService } from '../../memory/memory-turns.service.js';
import { Mem0MemorySource, type Mem0Form } from './mem0.memory-source.js';
import { Mem0Http, type Mem0Address } from './mem0-http.js';

/** What the platform's client `mem0ai` (3.3.1) sends, byte for byte but for the order of keys. Adding is done when the platform has it in its own queue. */
const platformForm: Mem0Form = {
  search: (user_id, query, top_k) => ({ method: 'POST', path: '/v3/memories/search/', body: { query, output_format: 'v1.1', top_k, filters: { user_id } } }),
  add: (user_id, messages, metadata) => ({ method: 'POST', path: '/v3/memories/add/', body: { messages, user_id, metadata } }),
  list: (user_id, limit) => ({ method: 'POST', path: `/v3/memories/?page=1&page_size=${limit}`, body: { filters: { user_id } } }),
  ping: () => ({ method: 'GET', path: '/v1/ping/' }),
};

/** Memories of the mem0 platform, or of whatever speaks like it. */
export class Mem0PlatformMemorySource extends Mem0MemorySource {
  constructor(address: Mem0Address, turns: Pick<MemoryTurnsService, 'accept' | 'register'>, retryMs: number) {
    super(new Mem0Http(address, address.apiKey === undefined ? {} : { authorization: `Token ${address.apiKey}` }), platformForm, turns, retryMs);
  }
}
