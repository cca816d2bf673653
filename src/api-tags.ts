import type { ApiTag } from './platform/http/openapi.js';

/** The groups of operations as the documentation shows them, in the order a newcomer needs them. */
export const apiTags: readonly ApiTag[] = [
  { name: 'rag', description: 'Put documents and texts in, look at what became of them, search their passages.' },
  { name: 'smart-qa', description: 'Ask questions; every statement of an answer cites the passage it comes from.' },
  { name: 'conversations', description: 'The questions and answers of the caller, conversation by conversation.' },
  { name: 'engines', description: 'What writes the answers: which engines there are, how they are, and which one the tenant uses.' },
  { name: 'personalities', description: 'How the engines speak: instructions, tone, model and tools, chosen by a question.' },
  { name: 'tools', description: 'What a language model may have done for it while it answers: search, read, calculate, ask for figures.' },
  { name: 'openai', description: 'The same questions, models and embeddings for any OpenAI client: set its base URL to `<server>/v1`.' },
  { name: 'memories', description: 'What is remembered about users: kept from turns or by hand, found, changed, forgotten. Only the key that wrote them sees them.' },
  { name: 'analytics', description: 'What the API was asked for, how often, how fast and with what success.' },
  { name: 'dashboard', description: 'Live figures of the tenant: what is asked for, how the engines do, what waits.' },
  { name: 'cache', description: 'Look into the cache of the tenant and drop what should not be in it.' },
  { name: 'identity', description: 'API keys, short-lived tokens made from them, and who one is.' },
  { name: 'tenants', description: 'Tenants of this installation. Only keys of the tenant `default` may.' },
  { name: 'health', description: 'Probes for orchestrators: live, ready, startup.' },
];
