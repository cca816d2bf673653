import { z } from 'zod';
import { pageOf, timestamp } from '../../../platform/http/schemas.js';
import type { KeyInfo, NamespaceStats } from '../cache.types.js';
import { cacheNamespaceNames } from '../cache-namespaces.js';

const namespace = z.enum(cacheNamespaceNames);
const count = z.int().min(0);

const namespaceStats = z.object({
  namespace,
  hits: count,
  misses: count.describe('Coalesced ones included'),
  stale: count.describe('Answered with an old value while a new one was loaded'),
  coalesced: count.describe('Misses that waited for a load already under way'),
  hit_rate: z.number().min(0).max(1).describe('(hits + stale) / lookups; 0 before the first'),
  entries: count,
  bytes: count.describe('Approximate memory'),
  evictions: count.describe('Entries that made room for others'),
  too_large: count.describe('Values not kept because of their size'),
});

export const cacheStatsResponse = z
  .object({ namespaces: z.array(namespaceStats), max_bytes: count.describe('Memory that all tenants share') })
  .meta({
    id: 'CacheStats',
    example: {
      namespaces: [{ namespace: 'search', hits: 812, misses: 190, stale: 4, coalesced: 31, hit_rate: 0.811, entries: 159, bytes: 1_204_224, evictions: 0, too_large: 0 }],
      max_bytes: 33_554_432,
    },
  });

export function toNamespaceStats({ hitRate, tooLarge, ...stats }: NamespaceStats): z.infer<typeof namespaceStats> {
  return { ...stats, hit_rate: hitRate, too_large: tooLarge };
}

const cacheKeyResponse = z
  .object({ key: z.string(), namespace, bytes: count, tags: z.array(z.string()), expires_at: timestamp })
  .meta({ id: 'CacheKey', example: { key: 'search:[42,"hybrid",{"query":"lease"}]', namespace: 'search', bytes: 7_574, tags: ['index:default'], expires_at: '2026-11-21T10:05:00.000Z' } });

const cacheKeyPage = pageOf(cacheKeyResponse);

export const cacheKeyPageResponse = cacheKeyPage
  .extend({ complete: z.boolean().describe('False: there are more keys than one listing looks at; total counts those looked at') })
  .meta({ id: 'CacheKeyPage', example: { ...(cacheKeyPage.meta()?.example as object), complete: true } });

export function toCacheKey({ expiresAt, tags, ...info }: KeyInfo): z.infer<typeof cacheKeyResponse> {
  return { ...info, tags: [...tags], expires_at: expiresAt.toISOString() };
}

export const droppedResponse = z
  .object({ dropped: count.describe('Entries that went in the process that answered; the others drop theirs too') })
  .meta({ id: 'CacheDropped', example: { dropped: 17 } });
