import { Injectable, OnModuleInit } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ClusterEventBus } from '../../platform/events/cluster-event-bus.js';
import { requireTenant } from '../../platform/tenancy/tenant-context.js';
import { EngineSettingStore } from './adapters/engine-setting.store.js';
import { EngineRegistry } from './engine.registry.js';
import type { CurrentEngine } from './engine.types.js';

/** How long a choice is believed. Other processes tell at once of a new one; this bounds what is missed while their word does not come through. */
const believedMs = 800;

/** Which engine a tenant uses, known without a query most of the time. */
@Injectable()
export class EngineChoice implements OnModuleInit {
  /** Reads, not values: whoever asks while one is under way shares it, unless the choice has changed since it began. */
  private readonly reads = new LRUCache<string, Promise<string | undefined>>({ max: 10_000, ttl: believedMs });

  constructor(
    private readonly store: EngineSettingStore,
    private readonly registry: EngineRegistry,
    private readonly events: ClusterEventBus,
  ) {}

  onModuleInit(): void {
    this.events.on('engine.switched', ({ tenantId }) => this.reads.delete(tenantId));
    this.events.onReconnected(() => this.reads.clear());
  }

  /** The current tenant's engine. One that is no longer there (the configuration has changed) counts as not chosen. */
  async current(): Promise<CurrentEngine> {
    const chosen = await this.read(requireTenant().tenantId);
    return chosen !== undefined && this.registry.has(chosen) ? { name: chosen, source: 'tenant' } : { name: this.registry.defaultName, source: 'default' };
  }

  /** From the moment this resolves, current() never gives an earlier choice on this process. @throws UnknownEngineError */
  async switchTo(name: string): Promise<{ previous: string }> {
    this.registry.get(name);
    const { tenantId } = requireTenant();
    const previous = await this.store.write(tenantId, name);
    // Reads that began before the commit may hold the old choice.
    this.reads.delete(tenantId);
    return { previous: previous ?? this.registry.defaultName };
  }

  private read(tenantId: string): Promise<string | undefined> {
    const known = this.reads.get(tenantId);
    if (known) return known;
    const read = this.store.read(tenantId);
    this.reads.set(tenantId, read);
    // A failed read is nobody's but its askers'.
    read.catch(() => this.reads.peek(tenantId) === read && this.reads.delete(tenantId));
    return read;
  }
}
