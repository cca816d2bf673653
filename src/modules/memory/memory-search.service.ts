import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { termsOf } from '#libs/memory';
import { EmbeddingService } from '../search/embedding.service.js';
import { MemoryStore } from './adapters/memory.store.js';
import { MemoryCopies } from './memory-copies.js';
import type { MemoryAnswer, MemoryScope, MemorySearch, MemoryView } from './memory.types.js';

const defaultBudgetMs = 300;
/** What of the budget is left for scoring when memories or the query's vector are waited for. */
const reserveMs = 30;
const late = Symbol('not in time');

/** Exact search over the memories of one user, within a budget of time: a chat must not wait for what it may do without. */
@Injectable()
export class MemorySearchService {
  private readonly logger = new Logger(MemorySearchService.name);

  constructor(
    private readonly store: MemoryStore,
    private readonly copies: MemoryCopies,
    private readonly embedding: EmbeddingService,
  ) {}

  /**
   * The best memories first. When the budget runs out before the memories are read, those that were read before and are still the
   * same; before the query's vector is there, those found by words. What was begun goes on, so that the next search finds it done.
   */
  async search(scope: MemoryScope, { query, limit = 10, threshold = 0, metadata = {}, budgetMs = defaultBudgetMs }: MemorySearch): Promise<MemoryAnswer> {
    const deadline = performance.now() + budgetMs;
    const terms = termsOf(query);
    const vector = this.embedding.embedQuery(query).catch((error: unknown) => this.withoutVector(error));
    const fresh = await this.before(deadline - reserveMs, this.copies.get(scope));
    const copy = fresh === late ? this.copies.former(scope) : fresh;
    if (!copy) return { items: [], timedOut: true };
    const found = await this.before(deadline - reserveMs, vector);
    copy.expire(Date.now());
    const hits = await copy.index.search({
      terms,
      vector: found === late ? undefined : found,
      vectorWeight: this.embedding.weight,
      semantic: this.embedding.semantic,
      limit,
      allowed: conditionOf(scope, metadata, copy.memories),
    });
    const items = hits.filter(({ score }) => score >= threshold).flatMap(({ id, score }) => toFound(copy.memories.get(id), score));
    if (fresh !== late) return { items, timedOut: found === late };
    const same = await this.before(deadline, this.unchanged(scope.ownerId, items));
    return { items: same === late ? [] : same, timedOut: true };
  }

  /** Those that nobody has changed or forgotten since they were read. */
  private async unchanged(ownerId: string, items: MemoryAnswer['items']): Promise<MemoryAnswer['items']> {
    const now = new Map((await this.store.find(items.map(({ id }) => id), ownerId)).map((memory) => [memory.id, memory]));
    return items.filter(({ id, updatedAt }) => now.get(id)?.updatedAt.getTime() === updatedAt.getTime());
  }

  /** The value, or `late` at the deadline; nobody waits for a failure after it, so the log tells of it. */
  private async before<T>(deadline: number, work: Promise<T>): Promise<T | typeof late> {
    const stop = new AbortController();
    const clock = delay(Math.max(0, deadline - performance.now()), late, { signal: stop.signal }).catch(() => late);
    try {
      const first = (await Promise.race([work, clock])) as T | typeof late;
      if (first === late) work.catch((error: unknown) => this.logger.warn({ err: error }, 'Memories could not be read, and the answer was made without; the next search tries again'));
      return first;
    } finally {
      stop.abort();
    }
  }

  private withoutVector(error: unknown): undefined {
    this.logger.warn({ err: error }, 'Memories are searched by words alone: the query could not be embedded');
  }
}

/** Undefined: all of them may be found. */
function conditionOf({ agentId, appId, runId }: MemoryScope, metadata: Record<string, unknown>, memories: ReadonlyMap<string, MemoryView>): ((id: string) => boolean) | undefined {
  const wanted = Object.entries({ agentId, appId, runId }).filter(([, id]) => id !== undefined) as ['agentId' | 'appId' | 'runId', string][];
  const fields = Object.entries(metadata).map(([key, value]) => [key, JSON.stringify(value)] as const);
  if (wanted.length + fields.length === 0) return undefined;
  return (id) => {
    const memory = memories.get(id);
    return memory !== undefined && wanted.every(([key, value]) => memory[key] === value) && fields.every(([key, value]) => Object.hasOwn(memory.metadata, key) && JSON.stringify(memory.metadata[key]) === value);
  };
}

function toFound(memory: MemoryView | undefined, score: number): MemoryAnswer['items'] {
  return memory ? [{ ...memory, score }] : [];
}
