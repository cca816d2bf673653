import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { setTimeout as delay } from 'node:timers/promises';
import { MemoryIndex, termsOf } from '#libs/memory';
import { requireTenant } from '../../platform/tenancy/tenant-context.js';
import { EmbeddingService } from '../search/embedding.service.js';
import { MemoryIndexReader, type SearchableMemory } from './adapters/memory-index.reader.js';
import type { MemoryAnswer, MemoryScope, MemorySearch } from './memory.types.js';

const defaultBudgetMs = 300;
/** What of the budget is left for scoring when the query's vector is waited for. */
const reserveMs = 30;
const mostBytes = 64 * 1024 * 1024;
const late = Symbol('not in time');

interface Loaded {
  version: number;
  space: string;
  memories: SearchableMemory[];
  index: MemoryIndex;
}

/** Exact search over the memories of one user, within a budget of time: a chat must not wait for what it may do without. */
@Injectable()
export class MemorySearchService {
  private readonly logger = new Logger(MemorySearchService.name);
  private readonly loaded = new LRUCache<string, Loaded>({ maxSize: mostBytes, sizeCalculation: sizeOf });

  constructor(
    private readonly reader: MemoryIndexReader,
    private readonly embedding: EmbeddingService,
  ) {}

  /**
   * The best memories first. When the budget runs out before the memories are read, none; before the query's vector is there, those
   * found by words. What was begun goes on, so that the next search finds it done.
   */
  async search(scope: MemoryScope, { query, limit = 10, threshold = 0, metadata = {}, budgetMs = defaultBudgetMs }: MemorySearch): Promise<MemoryAnswer> {
    const deadline = performance.now() + budgetMs;
    const terms = termsOf(query);
    const vector = this.embedding.embedQuery(query).catch((error: unknown) => this.withoutVector(error));
    const loaded = await before(deadline, this.load(scope));
    if (loaded === late) return { items: [], timedOut: true };
    const found = await before(deadline - reserveMs, vector);
    const now = Date.now();
    const hits = loaded.index.search({
      terms,
      vector: found === late ? undefined : found,
      vectorWeight: this.embedding.weight,
      limit,
      allowed: (entry) => fits(loaded.memories[entry], scope, metadata, now),
    });
    const items = hits.filter(({ score }) => score >= threshold).flatMap(({ id, score }) => toFound(loaded.memories[id], score));
    return { items, timedOut: found === late };
  }

  private async load(scope: MemoryScope): Promise<Loaded> {
    const { space } = this.embedding;
    const { ownerId, userId } = scope;
    // Over all whom an owner serves there is no one version: read anew.
    if (userId === undefined) return this.read(scope, 0, space);
    const slot = JSON.stringify([requireTenant().schema, ownerId, userId]);
    // The version first: what is written after it makes the copy old, never the other way round.
    const version = await this.reader.version(ownerId, userId);
    const known = this.loaded.get(slot);
    if (known?.version === version && known.space === space) return known;
    const fresh = await this.read(scope, version, space, known);
    this.loaded.set(slot, fresh);
    return fresh;
  }

  /** @param earlier a copy of before, whose vectors are taken over where the text is the same */
  private async read(scope: MemoryScope, version: number, space: string, earlier?: Loaded): Promise<Loaded> {
    const rows = await this.reader.load(scope);
    const old = new Map(earlier?.space === space ? earlier.memories.map((memory) => [memory.id, memory]) : []);
    const kept = rows.map(({ id, text }) => (old.get(id)?.text === text ? old.get(id)?.vector : undefined));
    const read = await this.reader.vectors(rows.filter((_row, at) => !kept[at]).map(({ id }) => id), space);
    const memories = rows.map((row, at) => ({ ...row, vector: kept[at] ?? read.get(row.id) }));
    return { version, space, memories, index: new MemoryIndex(memories) };
  }

  private withoutVector(error: unknown): undefined {
    this.logger.warn({ err: error }, 'Memories are searched by words alone: the query could not be embedded');
  }
}

/** The value, or `late` at the deadline; a failure after it is nobody's. */
async function before<T>(deadline: number, work: Promise<T>): Promise<T | typeof late> {
  const stop = new AbortController();
  const clock = delay(Math.max(0, deadline - performance.now()), late, { signal: stop.signal }).catch(() => late);
  try {
    return await Promise.race([work, clock]) as T | typeof late;
  } finally {
    work.catch(() => undefined);
    stop.abort();
  }
}

function fits(memory: SearchableMemory | undefined, { agentId, appId, runId }: MemoryScope, metadata: Record<string, unknown>, now: number): boolean {
  if (!memory || (memory.expiresAt && memory.expiresAt.getTime() <= now)) return false;
  const ids = [[agentId, memory.agentId], [appId, memory.appId], [runId, memory.runId]];
  return ids.every(([wanted, has]) => wanted === undefined || wanted === has) && Object.entries(metadata).every(([key, value]) => JSON.stringify(memory.metadata[key]) === JSON.stringify(value));
}

function toFound(memory: SearchableMemory | undefined, score: number): MemoryAnswer['items'] {
  if (!memory) return [];
  const { terms: _terms, vector: _vector, ...view } = memory;
  return [{ ...view, score }];
}

/** Bytes, roughly: strings, postings and vectors. */
function sizeOf({ memories }: Loaded): number {
  return memories.reduce((sum, { text, terms, vector }) => sum + 400 + 2 * text.length + 60 * terms.length + (vector?.byteLength ?? 0), 1_000);
}
