import { Injectable, Logger } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { decide, hashOf, termsOf, type Fact, type Known } from '#libs/memory';
import { EmbeddingService } from '../search/embedding.service.js';
import { MemoryStore, type NewMemory } from './adapters/memory.store.js';
import type { MemoryChange, MemoryScope, RememberOptions } from './memory.types.js';

export interface KeepOptions {
  /** Decides what becomes of a memory beside the known ones. */
  judge?: typeof decide;
  /** When the facts were told: what their owner has forgotten since then stays forgotten. */
  toldAt?: Date;
}

/** Writes facts beside those that are known: new ones are added, others replaced, what is known stays. */
@Injectable()
export class MemoryKeeper {
  private readonly logger = new Logger(MemoryKeeper.name);

  constructor(
    private readonly store: MemoryStore,
    private readonly embedding: EmbeddingService,
  ) {}

  /** What takes long, before any row is locked: the vectors. */
  async prepare(facts: readonly Fact[], { metadata = {}, expiresAt }: RememberOptions, signal?: AbortSignal): Promise<NewMemory[]> {
    if (facts.length === 0) return [];
    const vectors = await this.vectors(facts.map(({ text }) => text), signal);
    const memories: NewMemory[] = [];
    for (const [at, { text, attribute = null }] of facts.entries()) {
      const [hash, terms, vector] = [hashOf(text), termsOf(text), vectors[at]];
      memories.push({ id: uuidv7(), text, hash, attribute, terms, vector, vectorSpace: this.embedding.space, metadata, expiresAt: expiresAt ?? null });
      await nextTurn();
    }
    return memories;
  }

  /** In one transaction, or in the one that it is called in. @returns what changed */
  async keep(scope: MemoryScope, memories: readonly NewMemory[], { judge = decide, toldAt }: KeepOptions = {}): Promise<MemoryChange[]> {
    if (memories.length === 0) return [];
    return this.store.transaction(async () => {
      await this.store.lock(scope.ownerId, [scope.userId ?? '']);
      const forgotten = toldAt ? await this.store.forgottenSince(scope, toldAt) : new Set<string>();
      const known = await this.store.known(scope, memories);
      const changes: MemoryChange[] = [];
      for (const memory of memories.filter(({ hash }) => !forgotten.has(hash))) {
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
    await this.store.record([{ id: decision.id, event: 'UPDATE', oldText: old?.text ?? null, newText: text }]);
    const oldText = old?.text ?? '';
    if (old) Object.assign(old, { text, hash, terms, attribute });
    return { id: decision.id, text, event: 'UPDATE', oldText };
  }

  /** None while the embedding endpoint is down: the memory is found by its words, and gets its vector from the upkeep. */
  private async vectors(texts: string[], signal: AbortSignal | undefined): Promise<Float32Array[]> {
    try {
      if (!this.embedding.local) return await this.embedding.embed(texts, signal);
      const vectors: Float32Array[] = [];
      // On this thread: a long text takes some milliseconds.
      for (const text of texts) {
        vectors.push(...(await this.embedding.embed([text], signal)));
        await nextTurn();
      }
      return vectors;
    } catch (error) {
      this.logger.warn({ err: error }, 'Memories are kept without vectors for now');
      return [];
    }
  }
}
