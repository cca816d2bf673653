import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MemoryService } from '../../src/modules/memory/memory.service.js';
import type { MemoryScope } from '../../src/modules/memory/memory.types.js';
import type { TenantContext } from '../../src/platform/tenancy/tenant-context.js';
import { eventually } from '../support/api.js';
import { CountingReader, HeldReader, MoodyModel } from '../support/memory-parts.js';
import { openMemories } from '../support/memory.js';
import { openPlatform, type TestPlatform } from '../support/platform.js';
import { newTenant } from '../support/statistics.js';

describe('a search over memories', () => {
  let platform: TestPlatform;
  let tenant: TenantContext;
  let model: MoodyModel;
  let memories: MemoryService;
  const me: MemoryScope = { ownerId: 'principal-1', userId: '' };

  beforeAll(async () => {
    Logger.overrideLogger(false);
    platform = await openPlatform({ migrated: true });
  });
  afterAll(async () => {
    await platform.close();
    Logger.overrideLogger(['log', 'error', 'warn']);
  });
  beforeEach(async () => {
    tenant = await newTenant(platform);
    model = new MoodyModel();
    ({ memories } = openMemories(platform, { model }));
  });

  const run = <T>(work: () => Promise<T>): Promise<T> => platform.tenantDatabase.forTenant(tenant, work);

  it('finds by agent over all users, however many newer ones others have, and reads once for all who ask at the same time', () =>
    run(async () => {
      await platform.tenantDatabase.query(
        (sql) => `INSERT INTO ${sql.table('memories')} (id, owner_id, user_id, agent_id, text, hash, terms)
                  SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, $1, 'user-' || n % 600, CASE WHEN n <= 10 THEN 'sales' ELSE 'support' END, 'likes tea ' || n, n::text, ARRAY['like', 'tea']
                  FROM generate_series(1, 6000) AS n`,
        [me.ownerId],
      );
      await platform.tenantDatabase.query((sql) => `INSERT INTO ${sql.table('memory_versions')} (owner_id, user_id) SELECT DISTINCT owner_id, user_id FROM ${sql.table('memories')}`);
      const reader = new CountingReader(platform.tenantDatabase);
      const { memories: many } = openMemories(platform, { model, reader });
      const everybody = { ownerId: me.ownerId };
      const bySales = async () => (await many.search({ ...everybody, agentId: 'sales' }, { query: 'tea', limit: 50, budgetMs: 60_000 })).items.length;
      expect([await bySales(), await bySales(), reader.pages]).toEqual([10, 10, 1]);
      const patient = { query: 'tea', limit: 5, budgetMs: 60_000 };
      const all = await Promise.all(Array.from({ length: 20 }, () => many.search(everybody, patient)));
      expect(all.every(({ items }) => items.length === 5)).toBe(true);
      expect(reader.pages).toBe(1 + 100);
      await memories.add({ ...me, userId: 'user-7', agentId: 'sales' }, 'Prefers rooibos');
      expect((await many.search({ ...everybody, agentId: 'sales' }, { ...patient, query: 'rooibos' })).items.map(({ text }) => text)).toEqual(['Prefers rooibos']);
      await many.forgetAll(everybody);
      expect((await many.search(everybody, patient)).items).toEqual([]);
    }));

  it('answers within its budget by words alone while the embedding is slow, and says so', () =>
    run(async () => {
      await memories.add(me, 'I live in Lisbon');
      model.mood = 'slow';
      // Long enough for the words on a busy machine; the embedding is never done.
      const answer = await memories.search(me, { query: 'Lisbon', budgetMs: 3_000 });
      expect(answer).toMatchObject({ timedOut: true, items: [{ text: 'I live in Lisbon' }] });
    }));

  it('answers within its budget without memories while the database is slow, and has them the next time', () =>
    run(async () => {
      const reader = new HeldReader(platform.tenantDatabase);
      const slow = openMemories(platform, { model, reader }).memories;
      await slow.add(me, 'I live in Lisbon');
      const go = reader.hold();
      expect(await slow.search(me, { query: 'Lisbon' })).toEqual({ items: [], timedOut: true });
      go();
      expect(await slow.search(me, { query: 'Lisbon', budgetMs: 60_000 })).toMatchObject({ timedOut: false, items: [{ text: 'I live in Lisbon' }] });
      // What was begun went on: nothing was read twice.
      expect(reader.pages).toBe(1);
    }));

  it('answers from what was read before while everything is read anew, but for what has changed since', () =>
    run(async () => {
      const reader = new HeldReader(platform.tenantDatabase);
      const slow = openMemories(platform, { model, reader }).memories;
      const [tea, coffee] = [(await slow.add({ ...me, userId: 'ann' }, 'Ann drinks tea'))[0]?.id ?? '', (await slow.add({ ...me, userId: 'bob' }, 'Bob drinks coffee'))[0]?.id ?? ''];
      await slow.add({ ...me, userId: 'cai' }, 'Cai drinks water');
      const drinking = (budgetMs: number) => slow.search({ ownerId: me.ownerId }, { query: 'drinks', budgetMs }).then(({ items, timedOut }) => [items.map(({ text }) => text).sort(), timedOut] as const);
      expect(await drinking(60_000)).toEqual([['Ann drinks tea', 'Bob drinks coffee', 'Cai drinks water'], false]);
      await slow.forget(me.ownerId, [tea]);
      await slow.update(me.ownerId, coffee, { text: 'Bob drinks milk' });
      const go = reader.hold();
      // Its last 30 ms are for asking what has changed: on a busy machine that takes some attempts.
      const [items, timedOut] = await eventually(() => drinking(300), ([found]) => found?.length !== 0);
      expect([items, timedOut]).toEqual([['Cai drinks water'], true]);
      go();
      expect(await drinking(60_000)).toEqual([['Bob drinks milk', 'Cai drinks water'], false]);
    }));
});
