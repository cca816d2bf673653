import type { ClusterEvents } from '#libs/contracts';
import { CacheService } from '../../src/modules/cache/cache.service.js';
import type { Database } from '../../src/platform/database/database.js';
import type { ClusterEventBus } from '../../src/platform/events/cluster-event-bus.js';
import { runWithContext } from '../../src/platform/tenancy/tenant-context.js';

type Dropped = ClusterEvents['cache.dropped'];

/** A cache without a database for unit tests: what it tells other processes is collected, and it can be told what they did. */
export interface LoneCache {
  cache: CacheService;
  sent: { event: string; payload: Dropped }[];
  hear(payload: Dropped): void;
  reconnect(): void;
}

export function openLoneCache(megabytes = 4): LoneCache {
  const sent: LoneCache['sent'] = [];
  const listeners: { dropped?: (payload: Dropped) => void; reconnected?: () => void } = {};
  const pool = { query: async (_sql: string, [text]: [string]) => void sent.push(JSON.parse(text) as (typeof sent)[number]) };
  const bus = {
    on: (_event: string, listener: (payload: Dropped) => void) => (listeners.dropped = listener),
    onReconnected: (listener: () => void) => (listeners.reconnected = listener),
  };
  const cache = new CacheService({ CACHE_MEMORY_MB: megabytes }, { pool } as unknown as Database, bus as unknown as ClusterEventBus);
  return { cache, sent, hear: (payload) => listeners.dropped?.(payload), reconnect: () => listeners.reconnected?.() };
}

/** Runs `work` for the tenant `slug`. */
export function asTenant<T>(slug: string, work: () => T): T {
  return runWithContext({ requestId: 'test', tenant: { tenantId: slug, slug, schema: `tenant_${slug}` } }, work);
}

/** A load that ends when told. */
export function manualLoad() {
  const calls: { resolve: (value: string) => void; reject: (error: Error) => void }[] = [];
  const load = () => new Promise<string>((resolve, reject) => calls.push({ resolve, reject }));
  return { calls, load };
}
