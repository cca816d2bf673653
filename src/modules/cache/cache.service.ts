import { Inject, Injectable, Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { Database } from '../../platform/database/database.js';
import { ClusterEventBus, notification, notifySql } from '../../platform/events/cluster-event-bus.js';
import { requireTenant } from '../../platform/tenancy/tenant-context.js';
import { MemoryStore } from './adapters/memory.store.js';
import type { CacheEntry, DropSelector, KeyPage, KeyQuery, Loaded, NamespaceStats } from './cache.types.js';
import { cacheNamespaceNames, shortened } from './cache-namespaces.js';
import { freezeTop } from './core/freeze-top.js';
import { idOf, type Place, selects } from './core/selects.js';
import { SingleFlight } from './core/single-flight.js';
import { unlessAborted } from './core/unless-aborted.js';

/** The space of values that belong to no tenant; tenants' schemas begin with `tenant_`. */
const CONTROL_PLANE = 'public';

/** Lifetimes differ by this share in both directions. */
const JITTER = 0.1;

interface SpaceOptions {
  /** The control plane instead of the current tenant. */
  global?: boolean;
}

/**
 * Remembers what is costly to make. Every value belongs to the current tenant, and no caller can reach another's.
 *
 * Values are kept by reference, not as text: a hit costs no parsing, but everybody shares one object. Treat it as immutable;
 * its top level is frozen, so that the usual slip (`result.took_ms = …`) fails at once.
 * The load runs in the context of whoever asked first and must use neither that caller's AbortSignal nor anything of that caller
 * which the key does not name.
 */
@Injectable()
export class CacheService {
  private readonly logger = new Logger(CacheService.name);
  private readonly store: MemoryStore;
  private readonly flights = new SingleFlight();
  /** Tells our own drops from those of other processes. */
  private readonly origin = randomUUID();

  constructor(
    @Inject(ENV) env: Pick<Env, 'CACHE_MEMORY_MB'>,
    private readonly database: Database,
    bus: ClusterEventBus,
  ) {
    this.store = new MemoryStore(env.CACHE_MEMORY_MB * 1024 * 1024);
    bus.on('cache.dropped', ({ origin, schema, selector }) => {
      if (origin !== this.origin) this.dropHere(schema, selector as DropSelector);
    });
    bus.onReconnected(() => this.dropTagged());
  }

  /**
   * The cached value, or the one that `load` makes. Callers that miss the same key together share one load; if it fails, it
   * fails for all of them and nothing is kept.
   * @throws TenantMissingError outside of a tenant, unless `entry.global`
   */
  async getOrLoad<T>(entry: CacheEntry<T>, load: () => Promise<T>): Promise<Loaded<T>> {
    const schema = this.space(entry);
    const key = shortened(entry.key);
    const id = idOf(schema, entry.namespace, key);
    const now = performance.now();
    const found = this.store.get(id, now);
    if (found && now < found.freshUntil) {
      found.shelf.hits++;
      return { value: found.value as T, state: 'HIT' };
    }
    const place: Place = { schema, namespace: entry.namespace, key, tags: entry.tags?.map(shortened) ?? [] };
    const flight = this.flights.run(id, place, async () => freezeTop(await load()), (value) => this.keep(id, place, entry, value));
    if (found) {
      found.shelf.stale++;
      flight.value.catch((error: unknown) => this.logger.warn({ err: error, namespace: entry.namespace }, 'A stale value could not be renewed'));
      return { value: found.value as T, state: 'STALE' };
    }
    const shelf = this.store.shelf(schema, entry.namespace);
    shelf.misses++;
    if (flight.joined) shelf.coalesced++;
    return { value: await unlessAborted(flight.value, entry.signal), state: 'MISS' };
  }

  /**
   * Forgets entries of the current tenant, here at once and in the other processes as soon as they hear of it (milliseconds).
   * Loads under way that are meant are not kept either. Call it after the change is committed, not before.
   * @returns how many entries went in this process
   * @throws when the other processes could not be told; here they are gone all the same
   */
  async drop(selector: DropSelector, options: SpaceOptions = {}): Promise<number> {
    const schema = this.space(options);
    const meant = shortSelector(selector);
    const dropped = this.dropHere(schema, meant);
    await this.database.pool.query(notifySql, [notification('cache.dropped', { origin: this.origin, schema, selector: meant })]);
    return dropped;
  }

  /** Counters of the current tenant in this process, one line a namespace. */
  stats(options: SpaceOptions = {}): NamespaceStats[] {
    const schema = this.space(options);
    return cacheNamespaceNames.map((namespace) => this.store.shelf(schema, namespace).stats());
  }

  /** Keys of the current tenant in this process. */
  keys(query: KeyQuery): KeyPage {
    return this.store.keys(this.space({}), query);
  }

  /** Memory for all tenants together, in bytes. */
  get maxBytes(): number {
    return this.store.maxBytes;
  }

  private space({ global }: SpaceOptions): string {
    return global ? CONTROL_PLANE : requireTenant().schema;
  }

  private keep<T>(id: string, place: Place, { ttlMs, staleMs = 0, cacheable }: CacheEntry<T>, value: T): void {
    if (cacheable && !cacheable(value)) {
      this.store.delete(id);
      return;
    }
    const freshUntil = performance.now() + ttlMs * (1 - JITTER + 2 * JITTER * Math.random());
    this.store.set(id, place, value, { freshUntil, staleUntil: freshUntil + staleMs });
  }

  private dropHere(schema: string, selector: DropSelector): number {
    this.flights.abandon((place) => selects(schema, selector, place));
    return this.store.drop(schema, selector);
  }

  /** After a gap in the events nobody knows which tags were dropped elsewhere. */
  private dropTagged(): void {
    this.flights.abandon(({ tags }) => tags.length > 0);
    const dropped = this.store.dropTagged();
    this.logger.log(`Dropped ${dropped} tagged cache entries: events may have been missed`);
  }
}

/** The selector as keys and tags are stored. */
function shortSelector(selector: DropSelector): DropSelector {
  if ('tag' in selector) return { tag: shortened(selector.tag) };
  if ('namespace' in selector) return selector;
  const at = selector.key.indexOf(':') + 1;
  return { key: `${selector.key.slice(0, at)}${shortened(selector.key.slice(at))}` as typeof selector.key };
}
