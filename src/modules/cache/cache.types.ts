import type { CacheNamespace } from './cache-namespaces.js';

/** How to keep one value. */
export interface CacheEntry<T> {
  namespace: CacheNamespace;
  /** See the rules in cache-namespaces.ts; the tenant is added by itself. */
  key: string;
  /** How long the value is fresh, in milliseconds; ±10 % by chance, so that values made together do not expire together. */
  ttlMs: number;
  /** What the value was computed from; dropping one of these tags drops the value. */
  tags?: string[];
  /** How long after `ttlMs` the old value may still be given while a new one is loaded; 0 unless told. */
  staleMs?: number;
  /** False: this value is given to those who wait for it, and not kept. Everything is kept unless told, null too. */
  cacheable?: (value: T) => boolean;
  /** A value of the control plane, the same for all tenants; needs no current tenant. */
  global?: boolean;
  /** Ends the waiting of this caller; the load goes on for the others. */
  signal?: AbortSignal;
}

/** HIT: fresh. STALE: old, a new one is being loaded. MISS: loaded now, by this caller or by one before it. */
export type CacheState = 'HIT' | 'MISS' | 'STALE';

export interface Loaded<T> {
  /** Shared with every other caller: never change it. */
  value: T;
  state: CacheState;
}

/** A key with its namespace in front, as `keys()` lists it. */
export type NamespacedKey = `${CacheNamespace}:${string}`;

/** Which entries to drop: by one tag, one key or a whole namespace. */
export type DropSelector = { tag: string } | { key: NamespacedKey } | { namespace: CacheNamespace };

/** Counted since this process started, for one tenant. */
export interface NamespaceStats {
  namespace: CacheNamespace;
  hits: number;
  /** Lookups that found nothing usable, the coalesced ones included. */
  misses: number;
  stale: number;
  /** Misses that waited for a load already under way. */
  coalesced: number;
  /** (hits + stale) / lookups, 0 before the first lookup. */
  hitRate: number;
  entries: number;
  /** Approximate memory of the entries. */
  bytes: number;
  /** Entries that made room for others. */
  evictions: number;
  /** Values that were not kept because they were too large. */
  tooLarge: number;
}

export interface KeyInfo {
  key: NamespacedKey;
  namespace: CacheNamespace;
  bytes: number;
  tags: readonly string[];
  /** When it stops being fresh. */
  expiresAt: Date;
}

export interface KeyQuery {
  /** Only keys (namespace included) that match; `*` stands for any text. */
  pattern?: string;
  namespace?: CacheNamespace;
  /** From 1. */
  page: number;
  pageSize: number;
}

export interface KeyPage {
  items: KeyInfo[];
  total: number;
  /** False: the tenant has more keys than one listing looks at; `total` counts those looked at. */
  complete: boolean;
}
