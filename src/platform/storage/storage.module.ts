import { Global, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { HealthRegistry } from '../health/health.registry.js';
import { checkFreeSpace } from './free-space.js';
import { ProcessSlot } from './process-slot.js';

@Global()
@Module({ providers: [ProcessSlot], exports: [ProcessSlot] })
export class StorageModule implements OnModuleInit {
  constructor(
    private readonly health: HealthRegistry,
    @Inject(ENV) private readonly env: Env,
  ) {}

  onModuleInit(): void {
    this.health.register('disk', () => checkFreeSpace(this.env.AI_STACK_DATA_DIR));
  }
}
