import { Injectable } from '@nestjs/common';
import { decide, extractFacts, type Fact, type Known } from '#libs/memory';
import type { Page, PageStart } from '../../platform/database/page.js';
import { MemoryStore } from './adapters/memory.store.js';
import { MemoryKeeper } from './memory-keeper.js';
import { MemoryNotFoundError } from './memory.errors.js';
import { MemorySearchService } from './memory-search.service.js';
import { FactExtractor } from './ports/fact-extractor.js';
import type { MemoryAnswer, MemoryChange, MemoryHistoryView, MemoryScope, MemorySearch, MemoryUpdate, MemoryView, Message, RememberOptions } from './memory.types.js';

const longestText = 8_000;

/** Remembers things about users, finds and forgets them. The scope says whose; only its owner ever sees them. */
@Injectable()
export class MemoryService {
  constructor(
    private readonly store: MemoryStore,
    private readonly keeper: MemoryKeeper,
    private readonly extractor: FactExtractor,
    private readonly searching: MemorySearchService,
  ) {}

  /**
   * Keeps what is worth it of a turn: usually nothing. Facts that are known change nothing, those that contradict or complete a known one
   * take its place.
   * @returns what changed
   * @example await memories.remember({ ownerId: principal.id, userId: '' }, [{ role: 'user', content: '我叫李雷' }]);
   */
  async remember(scope: MemoryScope, messages: readonly Message[], options: RememberOptions = {}): Promise<MemoryChange[]> {
    if (options.infer !== false) return this.keep(scope, await this.extractor.extract(messages, { scope }), options, decide);
    const said = messages.filter(({ role, content }) => role !== 'system' && content.trim() !== '');
    return this.keep(scope, said.map(({ content }) => ({ text: cut(content.trim()), kind: 'explicit' })), options, sameText);
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
  list(scope: MemoryScope, start: PageStart): Promise<Page<MemoryView>> {
    return this.store.list(scope, start);
  }

  /** @throws MemoryNotFoundError also for another owner's */
  async get(ownerId: string, id: string): Promise<MemoryView> {
    const [memory] = await this.store.find([id], ownerId);
    if (!memory) throw new MemoryNotFoundError(id);
    return memory;
  }

  /** @throws MemoryNotFoundError */
  async update(ownerId: string, id: string, { text, metadata, expiresAt }: MemoryUpdate): Promise<MemoryView> {
    const [made] = text === undefined ? [] : await this.keeper.prepare([{ text: text.trim(), kind: 'explicit' }], {});
    return this.store.transaction(async () => {
      const [before] = await this.hold(ownerId, [id]);
      const patch = made ? { text: made.text, hash: made.hash, terms: made.terms, vector: made.vector, vectorSpace: made.vectorSpace, attribute: null } : {};
      const after = await this.store.update(id, ownerId, { ...patch, metadata, expiresAt });
      if (!before || !after) throw new MemoryNotFoundError(id);
      if (after.text !== before.text) await this.store.record([{ id, event: 'UPDATE', oldText: before.text, newText: after.text }]);
      return after;
    });
  }

  /** Other texts, by the ids of memories in lower case: all or none. @throws MemoryNotFoundError */
  async updateAll(ownerId: string, texts: ReadonlyMap<string, string>): Promise<void> {
    const ids = [...texts.keys()];
    await this.findAll(ownerId, ids);
    const made = await this.keeper.prepare([...texts.values()].map((text) => ({ text: text.trim(), kind: 'explicit' })), {});
    const news = made.map((memory, at) => ({ ...memory, id: ids[at] ?? memory.id }));
    await this.store.transaction(async () => {
      const before = new Map((await this.hold(ownerId, ids)).map(({ id, text }) => [id, text]));
      await this.store.rewrite(news, ownerId);
      await this.store.record(news.flatMap(({ id, text }) => (before.get(id) === text ? [] : [{ id, event: 'UPDATE' as const, oldText: before.get(id) ?? null, newText: text }])));
    });
  }

  /** All or none; no id twice. @throws MemoryNotFoundError */
  async forget(ownerId: string, ids: readonly string[]): Promise<void> {
    await this.store.transaction(async () => {
      await this.store.forget(await this.hold(ownerId, ids), ownerId);
    });
  }

  /** All of a scope, with their history, for good; of the turns that wait nothing is remembered either. @returns how many there were */
  forgetAll(scope: MemoryScope): Promise<number> {
    return this.store.transaction(() => this.store.erase(scope));
  }

  /** Oldest first. @throws MemoryNotFoundError */
  async history(ownerId: string, id: string): Promise<MemoryHistoryView[]> {
    const changes = await this.store.history(id, ownerId);
    if (!changes) throw new MemoryNotFoundError(id);
    return changes;
  }

  /** Nobody else changes them until the transaction ends. */
  private async hold(ownerId: string, ids: readonly string[]): Promise<MemoryView[]> {
    const users = new Set((await this.findAll(ownerId, ids)).map(({ userId }) => userId));
    await this.store.lock(ownerId, [...users]);
    return this.findAll(ownerId, ids);
  }

  private async findAll(ownerId: string, ids: readonly string[]): Promise<MemoryView[]> {
    const found = await this.store.find(ids, ownerId);
    const known = new Set(found.map(({ id }) => id));
    const missing = ids.find((id) => !known.has(id.toLowerCase()));
    if (missing !== undefined) throw new MemoryNotFoundError(missing);
    return found;
  }

  private async keep(scope: MemoryScope, facts: readonly Fact[], options: RememberOptions, judge: typeof decide): Promise<MemoryChange[]> {
    const memories = await this.keeper.prepare(facts, options);
    return this.keeper.keep(scope, memories, { judge });
  }
}

/** Never in the middle of a character. */
function cut(text: string): string {
  return text.length > longestText ? text.slice(0, longestText).replace(/[\uD800-\uDBFF]$/, '') : text;
}

/** For texts that are kept as they are: only the very same is not kept twice. */
function sameText(fact: { hash: string }, known: readonly Known[]): ReturnType<typeof decide> {
  const same = known.find(({ hash }) => hash === fact.hash);
  return same ? { event: 'NONE', id: same.id } : { event: 'ADD' };
}
