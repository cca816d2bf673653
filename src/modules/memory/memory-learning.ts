import { Injectable, OnModuleInit } from '@nestjs/common';
import { MemoryKeeper } from './memory-keeper.js';
import { MemoryTurnsService } from './memory-turns.service.js';
import { FactExtractor } from './ports/fact-extractor.js';
import type { QueuedTurn } from './memory-turn.types.js';

/** Target of the turns from which memories of our own store are made. */
export const ownTarget = 'own';

/** Learns from queued turns for our own store: no turn is lost, none is learnt from twice. */
@Injectable()
export class MemoryLearning implements OnModuleInit {
  constructor(
    private readonly turns: MemoryTurnsService,
    private readonly extractor: FactExtractor,
    private readonly keeper: MemoryKeeper,
  ) {}

  onModuleInit(): void {
    this.turns.register(ownTarget, (turn, signal) => this.learn(turn, signal));
  }

  private async learn({ scope, turn, acceptedAt }: QueuedTurn, signal: AbortSignal): Promise<() => Promise<void>> {
    const memories = await this.keeper.prepare(await this.extractor.extract(turn, { signal, scope }), {}, signal);
    return async () => {
      await this.keeper.keep(scope, memories, { toldAt: acceptedAt });
    };
  }
}
