import { beforeEach, describe, expect, it } from 'vitest';
import type { ClusterEvents } from '#libs/contracts';
import { asTenant, type LoneCache, manualLoad, openLoneCache } from '../../../test/support/cache.js';
import { TenantMissingError } from '../../platform/tenancy/tenancy.errors.js';
import type { CacheEntry } from './cache.types.js';

type Dropped = ClusterEvents['cache.dropped'];

const minute = 60_000;
const entry: CacheEntry<unknown> = { namespace: 'search', key: 'q', ttlMs: minute };

describe('CacheService', () => {
  let lone: LoneCache;
  beforeEach(() => {
    lone = openLoneCache();
  });

  const get = (value: unknown, more: Partial<CacheEntry<unknown>> = {}, slug = 'acme') =>
    asTenant(slug, () => lone.cache.getOrLoad({ ...entry, ...more }, async () => value));
  const search = (slug = 'acme') => asTenant(slug, () => lone.cache.stats()).find(({ namespace }) => namespace === 'search');

  describe('drop', () => {
    const states = async (...keys: string[]) => Promise.all(keys.map(async (key) => (await get('again', { key })).state));

    it('takes what carries the tag, the one key, or the whole namespace, and nothing else', async () => {
      await get(1, { key: 'a', tags: ['document:1', 'index:default'] });
      await get(1, { key: 'b', tags: ['document:2'] });
      await get(1, { key: 'c' });
      expect(await asTenant('acme', () => lone.cache.drop({ tag: 'document:1' }))).toBe(1);
      expect(await states('a', 'b', 'c')).toEqual(['MISS', 'HIT', 'HIT']);
      expect(await asTenant('acme', () => lone.cache.drop({ key: 'search:b' }))).toBe(1);
      expect(await states('a', 'b', 'c')).toEqual(['HIT', 'MISS', 'HIT']);
      expect(await asTenant('acme', () => lone.cache.drop({ namespace: 'answers' }))).toBe(0);
      expect(await asTenant('acme', () => lone.cache.drop({ namespace: 'search' }))).toBe(3);
      expect(search()).toMatchObject({ entries: 0, bytes: 0 });
    });

    it('finds long keys and tags in the form in which they are kept', async () => {
      const long = 'q'.repeat(10_000);
      await get(1, { key: long, tags: [long] });
      expect(await asTenant('acme', () => lone.cache.drop({ key: `search:${long}` }))).toBe(1);
      await get(1, { key: long, tags: [long] });
      expect(await asTenant('acme', () => lone.cache.drop({ tag: long }))).toBe(1);
      expect(JSON.stringify(lone.sent[1]).length).toBeLessThan(8_000);
    });

    it('keeps a load that began before it from being stored, or joined, after it', async () => {
      const tagged = { ...entry, tags: ['index:default'] };
      const { calls, load } = manualLoad();
      const before = asTenant('acme', () => lone.cache.getOrLoad(tagged, load));
      await expect.poll(() => calls).toHaveLength(1);
      await asTenant('acme', () => lone.cache.drop({ tag: 'index:default' }));
      const after = asTenant('acme', () => lone.cache.getOrLoad(tagged, load));
      await expect.poll(() => calls).toHaveLength(2);
      calls[1]?.resolve('new');
      expect(await after).toEqual({ value: 'new', state: 'MISS' });
      calls[0]?.resolve('old');
      expect(await before).toEqual({ value: 'old', state: 'MISS' });
      expect(await get('not asked')).toEqual({ value: 'new', state: 'HIT' });
    });

    it('of another process ends entries and loads here; the own message comes back without effect', async () => {
      await get(1, { tags: ['t'] });
      await asTenant('acme', () => lone.cache.drop({ tag: 'none' }));
      const own = lone.sent[0]?.payload;
      expect(lone.sent[0]).toMatchObject({ event: 'cache.dropped', payload: { schema: 'tenant_acme', selector: { tag: 'none' } } });
      lone.hear({ ...own, schema: 'tenant_acme', selector: { tag: 't' } } as Dropped);
      expect(await states('q')).toEqual(['HIT']);
      lone.hear({ origin: 'elsewhere', schema: 'tenant_acme', selector: { tag: 't' } });
      expect(await states('q')).toEqual(['MISS']);
    });

    it('after a gap in the events takes everything with a tag, loads under way included', async () => {
      await get(1, { key: 'tagged', tags: ['t'] });
      await get(1, { key: 'plain' });
      const { calls, load } = manualLoad();
      const underWay = asTenant('acme', () => lone.cache.getOrLoad({ ...entry, key: 'under way', tags: ['t'] }, load));
      await expect.poll(() => calls).toHaveLength(1);
      lone.reconnect();
      calls[0]?.resolve('old');
      await underWay;
      expect(await states('tagged', 'plain', 'under way')).toEqual(['MISS', 'HIT', 'MISS']);
    });
  });

  describe('tenants', () => {
    it('never see, list, count or drop each other’s values', async () => {
      await get('secret of acme', { tags: ['t'] });
      expect(await get('of other', { tags: ['t'] }, 'other')).toEqual({ value: 'of other', state: 'MISS' });
      expect(asTenant('other', () => lone.cache.keys({ page: 1, pageSize: 10 })).items).toHaveLength(1);
      expect(asTenant('third', () => lone.cache.keys({ page: 1, pageSize: 10 })).items).toEqual([]);
      expect(search('third')).toMatchObject({ entries: 0, misses: 0 });
      await asTenant('other', () => lone.cache.drop({ tag: 't' }));
      await asTenant('other', () => lone.cache.drop({ namespace: 'search' }));
      await asTenant('other', () => lone.cache.drop({ key: 'search:q' }));
      expect(await get('again')).toEqual({ value: 'secret of acme', state: 'HIT' });
    });

    it('are required, except for values of the control plane, which tenants do not reach', async () => {
      await expect(lone.cache.getOrLoad(entry, async () => 1)).rejects.toThrow(TenantMissingError);
      expect(() => lone.cache.stats()).toThrow(TenantMissingError);
      expect(await lone.cache.getOrLoad({ ...entry, global: true }, async () => 'shared')).toMatchObject({ state: 'MISS' });
      expect(await get('mine')).toEqual({ value: 'mine', state: 'MISS' });
      expect(await get('mine', { global: true })).toEqual({ value: 'shared', state: 'HIT' });
      expect(await lone.cache.drop({ namespace: 'search' }, { global: true })).toBe(1);
    });
  });
});
