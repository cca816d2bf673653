import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { asTenant, type LoneCache, manualLoad, openLoneCache } from '../../../test/support/cache.js';
import type { CacheEntry } from './cache.types.js';

const minute = 60_000;
const entry: CacheEntry<unknown> = { namespace: 'search', key: 'q', ttlMs: minute };

describe('CacheService', () => {
  let lone: LoneCache;
  beforeEach(() => {
    lone = openLoneCache();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  const get = (value: unknown, more: Partial<CacheEntry<unknown>> = {}, slug = 'acme') =>
    asTenant(slug, () => lone.cache.getOrLoad({ ...entry, ...more }, async () => value));
  const search = (slug = 'acme') => asTenant(slug, () => lone.cache.stats()).find(({ namespace }) => namespace === 'search');

  describe('single flight', () => {
    it('makes one load of a thousand concurrent misses', async () => {
      const { calls, load } = manualLoad();
      const waiting = Array.from({ length: 1_000 }, () => asTenant('acme', () => lone.cache.getOrLoad(entry, load)));
      await expect.poll(() => calls).toHaveLength(1);
      calls[0]?.resolve('made');
      const results = await Promise.all(waiting);
      expect(new Set(results.map(({ value, state }) => `${String(value)} ${state}`))).toEqual(new Set(['made MISS']));
      expect(calls).toHaveLength(1);
      expect(search()).toMatchObject({ misses: 1_000, coalesced: 999, entries: 1 });
    });

    it('fails all who wait when the load fails, keeps nothing, and tries again for the next', async () => {
      const failing = vi.fn(async () => Promise.reject(new Error('down')));
      const results = await Promise.allSettled([1, 2, 3].map(() => asTenant('acme', () => lone.cache.getOrLoad(entry, failing))));
      expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
      expect(failing).toHaveBeenCalledTimes(1);
      expect(await get('up')).toEqual({ value: 'up', state: 'MISS' });
    });

    it('fails like a load that rejects when the load throws before it returns a promise', async () => {
      const throwing = () => {
        throw new Error('at once');
      };
      await expect(asTenant('acme', () => lone.cache.getOrLoad(entry, throwing))).rejects.toThrow('at once');
      expect(await get('up')).toEqual({ value: 'up', state: 'MISS' });
    });

    it('lets one who waits leave without harm to the others', async () => {
      const { calls, load } = manualLoad();
      const abort = new AbortController();
      const leaving = asTenant('acme', () => lone.cache.getOrLoad({ ...entry, signal: abort.signal }, load));
      const staying = asTenant('acme', () => lone.cache.getOrLoad(entry, load));
      abort.abort(new Error('client went away'));
      await expect(leaving).rejects.toThrow('client went away');
      calls[0]?.resolve('made');
      expect(await staying).toEqual({ value: 'made', state: 'MISS' });
      expect(await get('not asked')).toEqual({ value: 'made', state: 'HIT' });
    });
  });

  describe('lifetime', () => {
    beforeEach(() => {
      vi.useFakeTimers();
      vi.spyOn(Math, 'random').mockReturnValue(0.5);
    });

    it('keeps a value until its ttl, null and undefined too', async () => {
      for (const value of [null, undefined, 0]) {
        await get(value, { key: String(value) });
        vi.advanceTimersByTime(minute - 1);
        expect(await get('other', { key: String(value) })).toEqual({ value, state: 'HIT' });
        vi.advanceTimersByTime(1);
        expect(await get('other', { key: String(value) })).toEqual({ value: 'other', state: 'MISS' });
      }
    });

    it('varies the ttl by at most ten per cent, in both directions', async () => {
      for (const [random, from, to] of [[0, 0.9, 0.9], [0.999_999, 1.0999, 1.1]] as const) {
        vi.mocked(Math.random).mockReturnValue(random);
        await get('v', { key: `r${random}` });
        const listed = asTenant('acme', () => lone.cache.keys({ page: 1, pageSize: 10, pattern: `*r${random}` })).items[0];
        const share = ((listed?.expiresAt.getTime() ?? 0) - Date.now()) / minute;
        expect(share).toBeGreaterThanOrEqual(from);
        expect(share).toBeLessThanOrEqual(to);
      }
    });

    it('gives the old value while one load makes the new one', async () => {
      await get('old', { staleMs: minute });
      vi.advanceTimersByTime(minute + 1);
      const { calls, load } = manualLoad();
      const stale = { ...entry, staleMs: minute };
      for (let i = 0; i < 5; i++) {
        expect(await asTenant('acme', () => lone.cache.getOrLoad(stale, load))).toEqual({ value: 'old', state: 'STALE' });
      }
      expect(calls).toHaveLength(1);
      calls[0]?.resolve('new');
      await vi.advanceTimersByTimeAsync(0);
      expect(await get('not asked')).toEqual({ value: 'new', state: 'HIT' });
      expect(search()).toMatchObject({ stale: 5, misses: 1, hits: 1, hitRate: 6 / 7 });
    });

    it('gives the old value on when the renewal fails, and no longer than staleMs', async () => {
      const warned = vi.spyOn(Logger.prototype, 'warn').mockReturnValue();
      await get('old', { staleMs: minute });
      vi.advanceTimersByTime(minute + 1);
      const failing = async () => Promise.reject(new Error('down'));
      const stale = { ...entry, staleMs: minute };
      expect(await asTenant('acme', () => lone.cache.getOrLoad(stale, failing))).toMatchObject({ state: 'STALE' });
      await vi.advanceTimersByTimeAsync(10);
      expect(await asTenant('acme', () => lone.cache.getOrLoad(stale, failing))).toMatchObject({ state: 'STALE' });
      await vi.advanceTimersByTimeAsync(minute);
      await expect(asTenant('acme', () => lone.cache.getOrLoad(stale, failing))).rejects.toThrow('down');
      expect(warned).toHaveBeenCalledTimes(2);
    });
  });

  describe('memory', () => {
    it('stays within its budget, evicting the least recently used', async () => {
      const text = 'x'.repeat(10_000);
      await get(text, { key: 'often used' });
      for (let i = 0; i < 1_000; i++) {
        await get(text, { key: `k${i}` }, i % 2 ? 'acme' : 'other');
        await get('other', { key: 'often used' });
      }
      const [acme, other] = [search('acme'), search('other')];
      const bytes = (acme?.bytes ?? 0) + (other?.bytes ?? 0);
      expect(bytes).toBeLessThanOrEqual(lone.cache.maxBytes);
      expect(bytes).toBeGreaterThan(lone.cache.maxBytes * 0.9);
      expect((acme?.evictions ?? 0) + (other?.evictions ?? 0)).toBe(1_001 - (acme?.entries ?? 0) - (other?.entries ?? 0));
      expect(await get('other', { key: 'often used' })).toMatchObject({ state: 'HIT' });
    });

    it('does not keep a value above a twentieth of it, nor one that is not cacheable, and drops the older one', async () => {
      const huge = 'x'.repeat(lone.cache.maxBytes / 20);
      expect(await get(huge)).toEqual({ value: huge, state: 'MISS' });
      expect(await get(huge)).toEqual({ value: huge, state: 'MISS' });
      expect(search()).toMatchObject({ tooLarge: 2, entries: 0, bytes: 0 });
      const picky = { key: 'refusal', cacheable: (value: unknown) => value !== 'refused' };
      expect(await get('refused', picky)).toMatchObject({ state: 'MISS' });
      expect(await get('answered', picky)).toMatchObject({ value: 'answered', state: 'MISS' });
      expect(await get('refused', picky)).toMatchObject({ value: 'answered', state: 'HIT' });
    });

    it('freezes what it gives, so that one caller cannot change the value of another', async () => {
      const { value } = await get({ total: 1 });
      expect(() => ((value as { total: number }).total = 2)).toThrow(TypeError);
    });
  });

  it('lists keys page by page, by pattern and namespace', async () => {
    for (let i = 0; i < 25; i++) await get(i, { key: `k${i}`, tags: ['t'] });
    await get(1, { namespace: 'answers', key: 'k1' });
    const list = (query: object) => asTenant('acme', () => lone.cache.keys({ page: 1, pageSize: 10, ...query }));
    expect(list({ page: 3, namespace: 'search' })).toMatchObject({ total: 25, complete: true, items: [20, 21, 22, 23, 24].map((i) => ({ key: `search:k${i}` })) });
    expect(list({ pattern: '*:k1' }).items.map(({ key }) => key)).toEqual(['search:k1', 'answers:k1']);
    expect(list({ pattern: 'search:k2*' })).toMatchObject({ total: 6 });
    expect(list({}).items[0]).toMatchObject({ tags: ['t'], namespace: 'search' });
  });
});
