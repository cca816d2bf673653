import { BeforeApplicationShutdown, Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { TenantRounds } from '../../platform/tenancy/tenant-rounds.js';
import { EmbeddingService } from '../search/embedding.service.js';
import { MemoryTurnQueue } from './adapters/memory-turn.queue.js';
import { MemoryUpkeepStore } from './adapters/memory-upkeep.store.js';

/** A forgotten memory and its history can be looked up for so long. */
const forgottenDays = 7;
const vectorsAtOnce = 50;

/** At start and once an hour: clears away what has expired, was forgotten or given up, and embeds what has no vector of the present embedding. */
@Injectable()
export class MemoryUpkeep implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(MemoryUpkeep.name);
  private readonly stopping = new AbortController();

  constructor(
    private readonly rounds: TenantRounds,
    private readonly store: MemoryUpkeepStore,
    private readonly embedding: EmbeddingService,
    private readonly turns: MemoryTurnQueue,
  ) {}

  onModuleInit(): void {
    this.rounds.register('memories', () => this.run());
  }

  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  /** One round over the current tenant. */
  async run(): Promise<void> {
    await this.turns.sweep();
    const gone = await this.store.sweep(forgottenDays);
    if (gone > 0) this.logger.log(`${gone} expired or forgotten memories were cleared away`);
    if (await this.embedding.isNewest()) await this.embedAnew();
  }

  /** Those without a vector of the present embedding, newest first; each is found by its words until it has one. */
  private async embedAnew(): Promise<void> {
    const { space } = this.embedding;
    const { signal } = this.stopping;
    let some = await this.store.withoutVector(space, vectorsAtOnce);
    while (some.length > 0 && !signal.aborted) {
      const vectors = await this.embedding.embedPassages(some.map(({ text }) => text), signal);
      for (const [at, memory] of some.entries()) {
        const vector = vectors[at];
        if (vector) await this.store.addVector(memory, vector, space);
      }
      some = await this.store.withoutVector(space, vectorsAtOnce, some.at(-1)?.id);
    }
  }
}
