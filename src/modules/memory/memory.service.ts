import { Injectable, Logger } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { decide, extractFacts, hashOf, termsOf, type Fact, type Known } from '#libs/memory';
import { EmbeddingService } from '../search/embedding.service.js';
import { MemoryStore, type NewMemory } from './adapters/memory.store.js';
import { MemoryNotFoundError } from './memory.errors.js';
import { MemorySearchService } from './memory-search.service.js';
import type { MemoryAnswer, MemoryChange, MemoryHistoryView, MemoryScope, MemorySearch, MemoryUpdate, MemoryView, RememberOptions, Turn } from './memory.types.js';

/** Newest memories that a new one is compared with. */
const compared = 5_000;
const longestText = 8_000;

/** Remembers things about users, finds and forgets them. The scope says whose; only its owner ever sees them. */
@Injectable()
export class MemoryService {
  private readonly logger = new Logger(MemoryService.name);

  constructor(
    private readonly store: MemoryStore,
    private readonly embedding: EmbeddingService,
    private readonly searching: MemorySearchService,
  ) {}

  /**
   * Keeps what is worth it of a turn: usually nothing. Facts that are known change nothing, those that contradict or complete a known one
   * take its place.
   * @returns what changed
   * @example await memories.remember({ ownerId: principal.id, userId: '' }, [{ role: 'user', content: '我叫李雷' }]);
   */
  remember(scope: MemoryScope, turns: readonly Turn[], options: RememberOptions = {}): Promise<MemoryChange[]> {
    if (options.infer !== false) return this.keep(scope, extractFacts(turns), options, decide);
    const said = turns.filter(({ role, content }) => role !== 'system' && content.trim() !== '');
    return this.keep(scope, said.map(({ content }) => ({ text: content.trim().slice(0, longestText), kind: 'explicit' })), options, sameText);
  }

  /** Keeps a text that somebody has chosen, unless it (or more) is known. @returns what changed; nothing when it is known */
  add(scope: MemoryScope, text: string, options: RememberOptions = {}): Promise<MemoryChange[]> {
    const [fact] = extractFacts([{ role: 'user', content: text }]);
    return this.keep(scope, [{ text: text.trim(), kind: 'explicit', attribute: fact?.attribute }], options, decide);
  }

  search(scope: MemoryScope, search: MemorySearch): Promise<MemoryAnswer> {
    return this.searching.search(scope, search);
  }

  /** Newest first. */
  list(scope: MemoryScope, page: number, pageSize: number): Promise<{ items: MemoryView[]; total: number }> {
    return this.store.list(scope, page, pageSize);
  }

  /** @throws MemoryNotFoundError also for another owner's */
  async get(ownerId: string, id: string): Promise<MemoryView> {
    const memory = await this.store.find(id, ownerId);
    if (!memory) throw new MemoryNotFoundError(id);
    return memory;
  }

  /** @throws MemoryNotFoundError */
  async update(ownerId: string, id: string, { text, metadata, expiresAt }: MemoryUpdate): Promise<MemoryView> {
    const [made] = text === undefined ? [] : await this.prepare([{ text: text.trim(), kind: 'explicit' }], {});
    return this.store.transaction(async () => {
      const before = await this.get(ownerId, id);
      await this.store.lock({ ownerId, userId: before.userId });
      const patch = made ? { text: made.text, hash: made.hash, terms: made.terms, vector: made.vector, vectorSpace: made.vectorSpace, attribute: null } : {};
      const after = await this.store.update(id, ownerId, { ...patch, metadata, expiresAt });
      if (!after) throw new MemoryNotFoundError(id);
      if (after.text !== before.text) await this.store.record(id, 'UPDATE', before.text, after.text);
      return after;
    });
  }

  /** @throws MemoryNotFoundError */
  forget(ownerId: string, id: string): Promise<void> {
    return this.store.transaction(async () => {
      const memory = await this.get(ownerId, id);
      await this.store.lock({ ownerId, userId: memory.userId });
      if (!(await this.store.forget(memory, ownerId))) throw new MemoryNotFoundError(id);
    });
  }

  /** All of a scope, with their history, for good. @returns how many there were */
  forgetAll(scope: MemoryScope): Promise<number> {
    return this.store.transaction(() => this.store.erase(scope));
  }

  /** Oldest first. @throws MemoryNotFoundError */
  async history(ownerId: string, id: string): Promise<MemoryHistoryView[]> {
    const changes = await this.store.history(id, ownerId);
    if (!changes) throw new MemoryNotFoundError(id);
    return changes;
  }

  private async keep(scope: MemoryScope, facts: readonly Fact[], options: RememberOptions, judge: typeof decide): Promise<MemoryChange[]> {
    if (facts.length === 0) return [];
    const memories = await this.prepare(facts, options);
    return this.store.transaction(async () => {
      await this.store.lock(scope);
      const known = await this.store.known(scope, compared);
      const changes: MemoryChange[] = [];
      for (const memory of memories) {
        const change = await this.place(scope, memory, known, judge);
        if (change) changes.push(change);
      }
      return changes;
    });
  }

  /** One new memory beside the known ones, whose list follows. */
  private async place(scope: MemoryScope, memory: NewMemory, known: Known[], judge: typeof decide): Promise<MemoryChange | undefined> {
    const decision = judge(memory, known);
    if (decision.event === 'NONE') return undefined;
    const { text, hash, terms, attribute } = memory;
    if (decision.event === 'ADD') {
      await this.store.insert(scope, memory);
      known.push({ id: memory.id, text, hash, terms, attribute });
      return { id: memory.id, text, event: 'ADD' };
    }
    const old = known.find(({ id }) => id === decision.id);
    const { id: _id, metadata, expiresAt, ...patch } = memory;
    await this.store.update(decision.id, scope.ownerId, { ...patch, ...(Object.keys(metadata).length > 0 ? { metadata } : {}), ...(expiresAt ? { expiresAt } : {}) });
    await this.store.record(decision.id, 'UPDATE', old?.text ?? null, text);
    const oldText = old?.text ?? '';
    if (old) Object.assign(old, { text, hash, terms, attribute });
    return { id: decision.id, text, event: 'UPDATE', oldText };
  }

  private async prepare(facts: readonly Fact[], { metadata = {}, expiresAt }: RememberOptions): Promise<NewMemory[]> {
    const vectors = await this.vectors(facts.map(({ text }) => text));
    return facts.map(({ text, attribute = null }, at) => ({
      id: uuidv7(), text, hash: hashOf(text), attribute, terms: termsOf(text), vector: vectors[at], vectorSpace: this.embedding.space, metadata, expiresAt: expiresAt ?? null,
    }));
  }

  /** None while the embedding endpoint is down: the memory is found by its words, and gets its vector from the upkeep. */
  private async vectors(texts: string[]): Promise<Float32Array[]> {
    try {
      return await this.embedding.embed(texts);
    } catch (error) {
      this.logger.warn({ err: error }, 'Memories are kept without vectors for now');
      return [];
    }
  }
}

/** For texts that are kept as they are: only the very same is not kept twice. */
function sameText(fact: { hash: string }, known: readonly Known[]): ReturnType<typeof decide> {
  const same = known.find(({ hash }) => hash === fact.hash);
  return same ? { event: 'NONE', id: same.id } : { event: 'ADD' };
}
