import { Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MemoryUpkeep } from '../../src/modules/memory/memory-upkeep.js';
import type { MemoryService } from '../../src/modules/memory/memory.service.js';
import type { MemoryScope } from '../../src/modules/memory/memory.types.js';
import type { TenantContext } from '../../src/platform/tenancy/tenant-context.js';
import { CountingDatabase, CountingReader, MoodyModel } from '../support/memory-parts.js';
import { openMemories } from '../support/memory.js';
import { openPlatform, type TestPlatform } from '../support/platform.js';
import { newTenant } from '../support/statistics.js';

const said = (content: string) => [{ role: 'user', content }];

describe('memories', () => {
  let platform: TestPlatform;
  let tenant: TenantContext;
  let model: MoodyModel;
  let memories: MemoryService;
  let upkeep: MemoryUpkeep;
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
    ({ memories, upkeep } = openMemories(platform, { model }));
  });

  const run = <T>(work: () => Promise<T>, of = tenant): Promise<T> => platform.tenantDatabase.forTenant(of, work);
  const texts = async (scope = me) => (await memories.list(scope, { page: 1, pageSize: 50 })).items.map(({ text }) => text);
  const found = async (query: string, scope = me, service = memories) => (await service.search(scope, { query, budgetMs: 60_000 })).items.map(({ text }) => text);

  it('keeps the facts of a turn once, replaces what is contradicted, and writes its history', () =>
    run(async () => {
      const [added] = await memories.remember(me, [...said('你好，我叫李雷，很高兴认识你。'), { role: 'assistant', content: '你好，李雷！' }]);
      expect(added).toMatchObject({ event: 'ADD', text: '我叫李雷' });
      expect(await memories.remember(me, said('我叫李雷！'))).toEqual([]);
      expect(await memories.remember(me, said('今天天气怎么样？'))).toEqual([]);
      const [changed] = await memories.remember(me, said('我叫韩梅梅'));
      expect(changed).toMatchObject({ event: 'UPDATE', id: added?.id, oldText: '我叫李雷' });
      expect(await texts()).toEqual(['我叫韩梅梅']);
      await memories.forget(me.ownerId, [added?.id ?? '']);
      expect((await memories.history(me.ownerId, added?.id ?? '')).map(({ event, oldText, newText }) => [event, oldText, newText])).toEqual([
        ['ADD', null, '我叫李雷'], ['UPDATE', '我叫李雷', '我叫韩梅梅'], ['DELETE', '我叫韩梅梅', null],
      ]);
      await expect(memories.get(me.ownerId, added?.id ?? '')).rejects.toMatchObject({ code: 'memory.not_found' });
    }));

  it('keeps one of a fact that ten turns tell at the same moment', () =>
    run(async () => {
      await Promise.all(Array.from({ length: 10 }, () => memories.remember(me, said('I am allergic to peanuts.'))));
      expect(await texts()).toEqual(['I am allergic to peanuts']);
    }));

  it('never shows them to another owner, to another user of the owner, or to another tenant', () =>
    run(async () => {
      const [change] = await memories.add({ ...me, userId: 'ann' }, 'Ann likes Zanzibar');
      for (const other of [me, { ...me, userId: 'bob' }, { ownerId: 'principal-2', userId: 'ann' }, { ownerId: 'principal-2' }]) {
        expect(await texts(other)).toEqual([]);
        expect(await found('Zanzibar', other)).toEqual([]);
      }
      const id = change?.id ?? '';
      for (const attempt of [() => memories.get('principal-2', id), () => memories.update('principal-2', id, { text: 'x' }), () => memories.forget('principal-2', [id]), () => memories.history('principal-2', id)]) {
        await expect(attempt()).rejects.toMatchObject({ code: 'memory.not_found' });
      }
      expect(await memories.forgetAll({ ownerId: 'principal-2' })).toBe(0);
      const other = await newTenant(platform);
      expect(await run(() => found('Zanzibar', { ...me, userId: 'ann' }), other)).toEqual([]);
      expect(await found('Zanzibar', { ownerId: me.ownerId })).toEqual(['Ann likes Zanzibar']);
    }));

  it('is found in both languages, in every process right after each change', () =>
    run(async () => {
      const elsewhere = openMemories(platform).memories;
      const [tea] = await memories.add(me, '我喜欢喝绿茶');
      await memories.add(me, 'I prefer aisle seats on long flights');
      expect(await found('绿茶', me, elsewhere)).toEqual(['我喜欢喝绿茶']);
      expect((await found('which seat on a flight', me, elsewhere))[0]).toBe('I prefer aisle seats on long flights');
      await memories.update(me.ownerId, tea?.id ?? '', { text: '我喜欢喝红茶', metadata: { from: 'test' } });
      expect(await found('红茶', me, elsewhere)).toEqual(['我喜欢喝红茶']);
      expect((await memories.search(me, { query: '红茶', metadata: { from: 'other' }, budgetMs: 60_000 })).items).toEqual([]);
      expect(await memories.forgetAll(me)).toBe(2);
      expect(await found('红茶', me, elsewhere)).toEqual([]);
    }));

  it('is taken in by another process change by change, and read anew only after everything was forgotten', () =>
    run(async () => {
      const reader = new CountingReader(platform.tenantDatabase);
      const elsewhere = openMemories(platform, { reader }).memories;
      const [tea] = await memories.add(me, 'I like green tea');
      expect(await found('tea', me, elsewhere)).toEqual(['I like green tea']);
      const [rex] = await memories.add(me, 'My dog is called Rex');
      await memories.update(me.ownerId, tea?.id ?? '', { text: 'I like black tea' });
      expect([await found('tea', me, elsewhere), await found('dog', me, elsewhere)]).toEqual([['I like black tea'], ['My dog is called Rex']]);
      await memories.forget(me.ownerId, [rex?.id ?? '']);
      expect(await found('dog', me, elsewhere)).toEqual([]);
      await platform.tenantDatabase.query((sql) => `UPDATE ${sql.table('memories')} SET vector = NULL, vector_space = NULL`);
      await upkeep.run();
      expect(await found('tea', me, elsewhere)).toEqual(['I like black tea']);
      expect(reader.pages).toBe(1);
      await memories.forgetAll(me);
      expect(await found('tea', me, elsewhere)).toEqual([]);
      expect(reader.pages).toBe(2);
    }));

  it('is searched by many at once while it changes', () =>
    run(async () => {
      const elsewhere = openMemories(platform).memories;
      const cities = ['Rome', 'Oslo', 'Lima', 'Kyoto', 'Quito', 'Dakar', 'Cairo', 'Delhi', 'Hanoi', 'Turin'];
      for (const city of cities) {
        const [change] = await memories.add(me, `I went to ${city} by train`);
        const all = await Promise.all(Array.from({ length: 8 }, () => found(city, me, elsewhere)));
        expect(all.every(([text]) => text === `I went to ${city} by train`)).toBe(true);
        if (city < 'H') await memories.forget(me.ownerId, [change?.id ?? '']);
      }
      expect((await found('train', me, elsewhere)).sort()).toEqual((await texts()).sort());
    }));

  it('is gone when it expires, though it was read before, and the sweep removes the row', () =>
    run(async () => {
      const end = Date.now() + 3_000;
      await memories.add(me, 'The gate code changes today', { expiresAt: new Date(end) });
      expect(await found('gate code')).toHaveLength(1);
      await delay(end + 50 - Date.now());
      expect(await found('gate code')).toEqual([]);
      expect(await texts()).toEqual([]);
      await upkeep.run();
      expect(await platform.tenantDatabase.query((sql) => `SELECT id FROM ${sql.table('memories')}`)).toEqual([]);
    }));

  it('stays gone on a process that read it before and did not ask while the row was there', () =>
    run(async () => {
      const elsewhere = openMemories(platform).memories;
      const [dog] = await memories.add(me, 'My dog is called Rex');
      const [code] = await memories.add(me, 'The gate code is written on the door');
      await memories.add(me, 'I live in Lisbon');
      expect(await found('dog', me, elsewhere)).toEqual(['My dog is called Rex']);
      await memories.forget(me.ownerId, [dog?.id ?? '']);
      await platform.tenantDatabase.query((sql) => `UPDATE ${sql.table('memories')} SET deleted_at = now() - interval '8 days' WHERE id = $1`, [dog?.id]);
      await memories.update(me.ownerId, code?.id ?? '', { expiresAt: new Date(Date.now() - 1) });
      await upkeep.run();
      expect(await platform.tenantDatabase.query((sql) => `SELECT text FROM ${sql.table('memories')}`)).toEqual([{ text: 'I live in Lisbon' }]);
      expect([await found('dog', me, elsewhere), await found('gate code', me, elsewhere), await found('Lisbon', me, elsewhere)]).toEqual([[], [], ['I live in Lisbon']]);
    }));

  it('are changed and forgotten many at once: all or none, with as many statements for 90 as for 3', () =>
    run(async () => {
      const counting = new CountingDatabase(platform.database);
      const { memories: many } = openMemories({ ...platform, tenantDatabase: counting }, { model });
      const ids: string[] = [];
      for (let n = 0; n < 93; n += 1) ids.push((await memories.add({ ...me, userId: `user-${n % 3}` }, `Fact number ${n}`))[0]?.id ?? '');
      const rewritten = (some: string[], word: string) => new Map(some.map((id) => [id, `The ${word} of ${id}`]));
      const statements = async (work: () => Promise<void>) => {
        const before = counting.statements;
        await work();
        return counting.statements - before;
      };
      const few = await statements(() => many.updateAll(me.ownerId, rewritten(ids.slice(0, 3), 'first')));
      expect(await statements(() => many.updateAll(me.ownerId, rewritten(ids.slice(3), 'first')))).toBe(few);
      expect(await found(ids[50] ?? '', { ...me, userId: 'user-2' })).toEqual(expect.arrayContaining([`The first of ${ids[50]}`]));
      expect((await many.history(me.ownerId, ids[50] ?? '')).map(({ newText }) => newText)).toEqual(['Fact number 50', `The first of ${ids[50]}`]);

      model.meanwhile = () => memories.forget(me.ownerId, [ids[50] ?? '']);
      await expect(many.updateAll(me.ownerId, rewritten(ids, 'second'))).rejects.toMatchObject({ code: 'memory.not_found' });
      await expect(many.forget(me.ownerId, ids)).rejects.toMatchObject({ code: 'memory.not_found' });
      expect((await memories.list({ ownerId: me.ownerId }, { page: 1, pageSize: 200 })).items.filter(({ text }) => text.startsWith('The first'))).toHaveLength(92);
      await many.forget(me.ownerId, ids.filter((_id, n) => n !== 50));
      expect((await memories.list({ ownerId: me.ownerId }, { page: 1, pageSize: 200 })).total).toBe(0);
      expect(await found('first', { ...me, userId: 'user-1' })).toEqual([]);
    }));

  it('embeds all memories anew in one round, however many they are', () =>
    run(async () => {
      await memories.add(me, 'I live in Lisbon');
      await platform.tenantDatabase.query(
        (sql) => `INSERT INTO ${sql.table('memories')} (id, owner_id, text, hash, terms, vector_space) SELECT gen_random_uuid(), $1, 'I own lamp ' || n, md5(n::text), ARRAY['lamp'], 'another@1/8' FROM generate_series(1, 620) n`,
        [me.ownerId],
      );
      await upkeep.run();
      expect(await platform.tenantDatabase.query((sql) => `SELECT vector_space AS space, count(*)::int AS n FROM ${sql.table('memories')} GROUP BY 1`)).toEqual([{ space: model.space, n: 621 }]);
    }));

  it('keeps and finds while the embedding is down, and embeds later', () =>
    run(async () => {
      model.mood = 'broken';
      await memories.add(me, 'I live in Lisbon');
      expect(await memories.search(me, { query: 'Lisbon', budgetMs: 60_000 })).toMatchObject({ timedOut: false, items: [{ text: 'I live in Lisbon' }] });
      model.mood = 'well';
      await upkeep.run();
      expect(await platform.tenantDatabase.query((sql) => `SELECT vector_space AS space FROM ${sql.table('memories')}`)).toEqual([{ space: model.space }]);
    }));
});
