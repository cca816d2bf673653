import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Mem0ClientStore } from './adapters/mem0-client.store.js';
import { MemoryEventNotFoundError, MemoryNotFoundError } from './memory.errors.js';
import type { MemoryChange, MemoryEntity } from './memory.types.js';

/** What clients of mem0 ask for beside memories: receipts, judgements, whom they have memories of. */
@Injectable()
export class Mem0ClientService {
  constructor(private readonly store: Mem0ClientStore) {}

  /** A receipt of what changed, for a day. @returns its id */
  async receipt(ownerId: string, changes: readonly MemoryChange[]): Promise<string> {
    const id = uuidv7();
    await this.store.addReceipt(id, ownerId, changes);
    return id;
  }

  /** @throws MemoryEventNotFoundError also for another owner's */
  async event(ownerId: string, id: string): Promise<{ results: MemoryChange[]; createdAt: Date }> {
    const event = await this.store.receipt(id, ownerId);
    if (!event) throw new MemoryEventNotFoundError(id);
    return event;
  }

  /** @throws MemoryNotFoundError */
  async judge(ownerId: string, id: string, feedback: Record<string, unknown>): Promise<void> {
    if (!(await this.store.judge(id, ownerId, feedback))) throw new MemoryNotFoundError(id);
  }

  /** At most 1,000. */
  entities(ownerId: string): Promise<MemoryEntity[]> {
    return this.store.entities(ownerId);
  }
}
