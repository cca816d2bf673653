import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MemorySource, Recall } from '../../src/modules/engine/ports/memory-source.js';
import { runWithContext, type TenantContext } from '../../src/platform/tenancy/tenant-context.js';
import { eventually } from '../support/api.js';

export interface OpenedSource {
  source: MemorySource;
  /** Two of them, with all that the source needs. */
  tenants: [TenantContext, TenantContext];
  close(): Promise<void>;
}

/** Runs work as a request of a principal. */
export function asPrincipal<T>(tenant: TenantContext, id: string, work: () => Promise<T>): Promise<T> {
  return runWithContext({ requestId: 'test', tenant, principal: { kind: 'api_key', id, tenantId: tenant.tenantId, permissions: new Set(['*']) } }, work);
}

export const told = (content: string) => [{ role: 'user', content }, { role: 'assistant', content: 'I see, thank you.' }];
export const ann = '019aa4c5-8a52-7c3e-9f34-0242ac120002';
export const bob = '019aa4c5-8a52-7c3e-9f34-0242ac120003';

export async function until(done: () => Promise<boolean>, tries = 2_400): Promise<void> {
  for (let tried = 0; !(await done()); tried++) {
    if (tried >= tries) throw new Error('It did not come about in time');
    await delay(50);
  }
}

/** Recalls until nothing was missed. */
export const recalled = (recall: () => Promise<Recall>): Promise<Recall> => eventually(recall, ({ missed }) => missed === undefined);

/** What every adapter of MemorySource keeps. */
export function describeMemorySource(name: string, open: () => Promise<OpenedSource>): void {
  describe(name, () => {
    let opened: OpenedSource;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());
    /** Again while the answer was not there within its 300 ms: on a busy machine it may not be. */
    const recall = (query: string, userId = '', principal = ann, tenant = 0) => asPrincipal(opened.tenants[tenant]!, principal, () => recalled(() => opened.source.recall(userId, query)));
    const remember = (content: string, userId = '') => asPrincipal(opened.tenants[0], ann, () => opened.source.remember(userId, told(content)));
    const texts = async (...of: Parameters<typeof recall>) => (await recall(...of)).items.map(({ text }) => text.replace(/\.$/, ''));

    it('knows nothing of somebody new', async () => expect(await recall('Where do I live?')).toEqual({ items: [] }));

    it('knows after a while what it was told, best first, and not the small talk', async () => {
      await remember('Good morning! I live in Lisbon near the river. I prefer aisle seats on long flights.');
      await until(async () => (await texts('Which seats do I prefer on flights?')).length > 0);
      const { items } = await recall('Which seats do I prefer on flights?');
      expect(items[0]).toEqual({ id: expect.any(String), text: expect.stringContaining('aisle seats'), score: expect.any(Number) });
      expect(items.length).toBeLessThanOrEqual(8);
    });

    it('keeps users apart, and principals, and tenants', async () => {
      await remember('I like green parrots from Rio.', 'carol');
      await until(async () => (await texts('Rio parrots', 'carol')).length > 0);
      expect(await texts('Rio parrots', 'carol')).toEqual([expect.stringContaining('parrot')]);
      for (const [user, principal, tenant] of [['', ann, 0], ['dave', ann, 0], ['carol', bob, 0], ['', bob, 0], [`${ann}:carol`, bob, 0], ['carol', ann, 1]] as const) {
        expect(await texts('Rio parrots', user, principal, tenant), `${user} of ${principal}`).toEqual([]);
      }
    });

    it('has nothing for an empty question, and for a caller who has left', async () => {
      expect(await recall('  ')).toEqual({ items: [] });
      const gone = AbortSignal.abort();
      expect(await asPrincipal(opened.tenants[0], ann, () => opened.source.recall('', 'Where do I live?', gone))).toEqual({ items: [] });
    });

    it('takes what is long and what no database can hold', async () => {
      expect(await recall(`Where do I live? ${'x'.repeat(50_000)}`)).toMatchObject({ items: expect.any(Array) });
      await remember(`I like \u0000 \ud83d tea. ${'y'.repeat(20_000)}`);
    });

    it('is well', async () => expect(await opened.source.healthCheck()).toEqual({ healthy: true }));
  });
}
