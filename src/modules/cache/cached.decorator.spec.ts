import { expect, it } from 'vitest';
import { asTenant, openLoneCache } from '../../../test/support/cache.js';
import type { CacheService } from './cache.service.js';
import { Cached } from './cached.decorator.js';

it('caches a decorated method by its arguments, on the instance that was called', async () => {
  class Reports {
    calls = 0;
    constructor(readonly cache: CacheService) {}

    @Cached({ namespace: 'queries', key: (year: number) => `report:${year}`, ttlMs: 60_000, tags: (year: number) => [`year:${year}`] })
    async report(year: number): Promise<string> {
      this.calls++;
      return `report of ${year}`;
    }
  }
  const reports = new Reports(openLoneCache().cache);
  const ask = (year: number) => asTenant('acme', () => reports.report(year));
  expect([await ask(2025), await ask(2025), await ask(2026)]).toEqual(['report of 2025', 'report of 2025', 'report of 2026']);
  expect(reports.calls).toBe(2);
  await asTenant('acme', () => reports.cache.drop({ tag: 'year:2025' }));
  await ask(2025);
  await ask(2026);
  expect(reports.calls).toBe(3);
});
