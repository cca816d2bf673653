import type { NamespaceStats } from '../cache.types.js';
import type { CacheNamespace } from '../cache-namespaces.js';

/** What one tenant has in one namespace: the ids of its entries, and what happened there since the process started. */
export class Shelf {
  readonly ids = new Set<string>();
  bytes = 0;
  hits = 0;
  misses = 0;
  stale = 0;
  coalesced = 0;
  evictions = 0;
  tooLarge = 0;

  constructor(readonly namespace: CacheNamespace) {}

  stats(): NamespaceStats {
    const { namespace, hits, misses, stale, coalesced, bytes, evictions, tooLarge } = this;
    const lookups = hits + stale + misses;
    const hitRate = lookups === 0 ? 0 : (hits + stale) / lookups;
    return { namespace, hits, misses, stale, coalesced, hitRate, entries: this.ids.size, bytes, evictions, tooLarge };
  }
}
