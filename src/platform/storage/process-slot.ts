import { Inject, Injectable, Logger, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { join } from 'node:path';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { persistentId } from './persistent-id.js';
import { beatMs, SlotClaim } from './slot-claim.js';

/**
 * A place in the data folder that belongs to this process alone: the first `processes/<n>` whose owner is gone. A restart
 * finds its predecessor's place again, and with it the name under which that one had claimed work, and its index snapshots.
 */
@Injectable()
export class ProcessSlot implements OnModuleInit, OnApplicationShutdown {
  readonly directory: string;
  /** Stays with the place: work claimed under it by a process that was killed is this process's to give back. */
  readonly id: string;
  private readonly logger = new Logger(ProcessSlot.name);
  private readonly claim: SlotClaim;
  private beats: NodeJS.Timeout | undefined;

  constructor(@Inject(ENV) env: Pick<Env, 'AI_STACK_DATA_DIR'>) {
    this.claim = SlotClaim.firstFree(join(env.AI_STACK_DATA_DIR, 'processes'));
    this.directory = this.claim.directory;
    this.id = persistentId(join(this.directory, 'id'));
  }

  onModuleInit(): void {
    this.beats = setInterval(() => void this.beat(), beatMs).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.beats);
    this.claim.release();
  }

  private async beat(): Promise<void> {
    try {
      if (await this.claim.renew()) return;
      clearInterval(this.beats);
      this.logger.fatal(`This process stood still for so long that another one took its place ${this.directory}. It ends: two must not write there.`);
      process.kill(process.pid, 'SIGTERM');
    } catch (error) {
      this.logger.warn({ err: error, directory: this.directory }, 'The place of this process in the data folder could not be renewed; the next beat tries again');
    }
  }
}
