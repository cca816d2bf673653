import { Injectable } from '@nestjs/common';
import type { Message } from '#libs/memory';
import { v7 as uuidv7 } from 'uuid';
import { MemoryTurnQueue } from './adapters/memory-turn.queue.js';
import { boundedTurn } from './core/bounded-turn.js';
import { MemoryQueueFullError } from './memory.errors.js';
import type { TurnFigures, TurnHandler, TurnScope } from './memory-turn.types.js';

/** Takes turns of conversations in, from which memories are made later, whatever happens to this process meanwhile. */
@Injectable()
export class MemoryTurnsService {
  private readonly handlers = new Map<string, TurnHandler>();

  constructor(private readonly queue: MemoryTurnQueue) {}

  /** Who learns from the turns of a target. Register before the application has started. */
  register(target: string, handler: TurnHandler): void {
    this.handlers.set(target, handler);
  }

  /** Undefined: on this process nobody learns from the target's turns (the configuration has changed). */
  handler(target: string): TurnHandler | undefined {
    return this.handlers.get(target);
  }

  /**
   * Safe when it resolves; learnt from within seconds. A turn in which the user says nothing is not kept.
   * @throws memory.queue_full
   */
  async accept(target: string, scope: TurnScope, turn: readonly Message[]): Promise<void> {
    const kept = boundedTurn(turn);
    if (!kept.some(({ role }) => role === 'user')) return;
    if (!(await this.queue.put(uuidv7(), target, scope, kept))) throw new MemoryQueueFullError();
  }

  /** What of an owner's turns waits or was given up. */
  figures(ownerId: string): Promise<TurnFigures> {
    return this.queue.figures(ownerId);
  }
}
