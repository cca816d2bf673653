import { Injectable, Logger } from '@nestjs/common';
import type { Message } from '#libs/memory';
import { requirePrincipal } from '../../../platform/tenancy/tenant-context.js';
import { ownTarget } from '../../memory/memory-learning.js';
import { MemoryTurnsService } from '../../memory/memory-turns.service.js';
import { MemoryService } from '../../memory/memory.service.js';
import { MemorySource, type Recall } from '../ports/memory-source.js';

/** Memories for one answer. */
export const mostRecalled = 8;
/** Of the question, in UTF-16 units; what follows is seldom what it asks. */
export const longestRecallQuery = 2_000;
/** In milliseconds: an answer must not wait for what it can do without. */
export const recallBudgetMs = 300;

/** Our own memories of the principal, and of whom it serves. */
@Injectable()
export class OwnMemorySource extends MemorySource {
  private readonly logger = new Logger(OwnMemorySource.name);

  constructor(
    private readonly memories: MemoryService,
    private readonly turns: MemoryTurnsService,
  ) {
    super();
  }

  async recall(userId: string, query: string, signal?: AbortSignal): Promise<Recall> {
    if (query.trim() === '' || signal?.aborted) return { items: [] };
    try {
      const { items, timedOut } = await this.memories.search({ ownerId: requirePrincipal().id, userId }, { query: query.slice(0, longestRecallQuery), limit: mostRecalled, budgetMs: recallBudgetMs });
      return { items: items.map(({ id, text, score }) => ({ id, text, score })), ...(timedOut ? { missed: 'timeout' } : {}) };
    } catch (error) {
      this.logger.warn({ err: error }, 'An answer is made without memories');
      return { items: [], missed: 'failed' };
    }
  }

  remember(userId: string, turn: Message[]): Promise<void> {
    return this.turns.accept(ownTarget, { ownerId: requirePrincipal().id, userId }, turn);
  }
}
