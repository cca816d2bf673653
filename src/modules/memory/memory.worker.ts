import { BeforeApplicationShutdown, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { AppError } from '#libs/contracts';
import { ClusterEventBus } from '../../platform/events/cluster-event-bus.js';
import { TenantDatabase } from '../../platform/tenancy/tenant-database.js';
import { TenantWorker } from '../../platform/tenancy/tenant-worker.js';
import { TenantService } from '../../platform/tenancy/tenant.service.js';
import { MemoryTurnQueue, type ClaimedTurn } from './adapters/memory-turn.queue.js';
import { MemoryTurnsService } from './memory-turns.service.js';

/** Turns that one process learns from at a time; most of it is waiting for a model or a server. */
const slots = 4;
/** Less than a claim lasts. */
const longestMs = 45_000;

/** Learns from the turns that wait, on every process, tenant after tenant. Sleeps while there are none. */
@Injectable()
export class MemoryWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(MemoryWorker.name);
  private readonly worker: TenantWorker;

  constructor(
    private readonly queue: MemoryTurnQueue,
    private readonly turns: MemoryTurnsService,
    tenants: TenantService,
    database: TenantDatabase,
    private readonly cluster: ClusterEventBus,
  ) {
    this.worker = new TenantWorker(tenants, database, { name: MemoryWorker.name, slots, waiting: () => queue.waiting(), workOne: (stopping) => this.learnOne(stopping) });
  }

  onApplicationBootstrap(): void {
    this.cluster.on('memories.queued', ({ schema }) => void this.worker.wake(schema));
    this.cluster.onReconnected(() => void this.worker.wakeAll());
    this.worker.start();
  }

  /** What is under way is broken off and goes back to the queue. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.worker.stop();
  }

  /** Resolves when nothing is under way on this process. */
  idle(): Promise<void> {
    return this.worker.idle();
  }

  private async learnOne(stopping: AbortSignal): Promise<boolean> {
    const turn = await this.queue.take();
    if (!turn) return false;
    try {
      const handler = this.turns.handler(turn.target);
      if (!handler) throw new Error(`Nobody learns from turns for "${turn.target}" here.`);
      const write = await handler(turn, AbortSignal.any([stopping, AbortSignal.timeout(longestMs)]));
      await this.queue.finish(turn, write);
    } catch (error) {
      if (stopping.aborted) await this.queue.giveBack(turn);
      else await this.putOff(turn, error);
    }
    return true;
  }

  private async putOff(turn: ClaimedTurn, error: unknown): Promise<void> {
    const givenUp = await this.queue.fail(turn, error instanceof Error ? error.message : String(error), error instanceof AppError && error.kind === 'invalid');
    const seen = { err: error, turn: turn.id, target: turn.target, attempt: turn.attempt };
    if (givenUp) this.logger.error(seen, 'A turn was given up: nothing is remembered of it');
    else this.logger.warn(seen, 'A turn could not be learnt from; it is tried again later');
  }
}
