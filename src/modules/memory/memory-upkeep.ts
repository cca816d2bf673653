import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { TenantRounds } from '../../platform/tenancy/tenant-rounds.js';
import { EmbeddingService } from '../search/embedding.service.js';
import { MemoryTurnQueue } from './adapters/memory-turn.queue.js';
import { MemoryUpkeepStore } from './adapters/memory-upkeep.store.js';

/** A forgotten memory and its history can be looked up for so long. */
const forgottenDays = 7;
const vectorsPerRound = 500;
const vectorsAtOnce = 50;

/** At start and once an hour: clears away what has expired, was forgotten or given up, and embeds what has no vector of the present embedding. */
@Injectable()
export class MemoryUpkeep implements OnModuleInit {
  private readonly logger = new Logger(MemoryUpkeep.name);

  constructor(
    private readonly rounds: TenantRounds,
    private readonly store: MemoryUpkeepStore,
    private readonly embedding: EmbeddingService,
    private readonly turns: MemoryTurnQueue,
  ) {}

  onModuleInit(): void {
    this.rounds.register('memories', () => this.run());
  }

  /** One round over the current tenant. */
  async run(): Promise<void> {
    await this.turns.sweep();
    const gone = await this.store.sweep(forgottenDays);
    if (gone > 0) this.logger.log(`${gone} expired or forgotten memories were cleared away`);
    const bare = await this.store.withoutVector(this.embedding.space, vectorsPerRound);
    for (let from = 0; from < bare.length; from += vectorsAtOnce) {
      const some = bare.slice(from, from + vectorsAtOnce);
      const vectors = await this.embedding.embed(some.map(({ text }) => text));
      for (const [at, memory] of some.entries()) {
        const vector = vectors[at];
        if (vector) await this.store.addVector(memory, vector, this.embedding.space);
      }
    }
  }
}
