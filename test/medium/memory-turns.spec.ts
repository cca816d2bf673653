import { Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '#libs/contracts';
import { mostQueued } from '../../src/modules/memory/adapters/memory-turn.queue.js';
import { LlmFactExtractor } from '../../src/modules/memory/adapters/llm.fact-extractor.js';
import type { MemoryScope } from '../../src/modules/memory/memory.types.js';
import { LanguageModel } from '../../src/platform/language-model/language-model.js';
import type { TenantContext } from '../../src/platform/tenancy/tenant-context.js';
import { startLlmServer } from '../support/llm-server.js';
import { openMemories, type MemoryProcess } from '../support/memory.js';
import { openPlatform, type TestPlatform } from '../support/platform.js';
import { newTenant } from '../support/statistics.js';

const said = (content: string) => [{ role: 'user', content }, { role: 'assistant', content: 'I see.' }];
const me = { ownerId: 'principal-1', userId: '' };
const nothing = () => Promise.resolve();

describe('turns that wait to become memories', () => {
  let platform: TestPlatform;
  let tenant: TenantContext;
  let one: MemoryProcess;
  let two: MemoryProcess;

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
    [one, two] = [openMemories(platform), openMemories(platform)];
  });
  afterEach(async () => {
    await one.stopWorker();
    await two.stopWorker();
  });

  const run = <T>(work: () => Promise<T>): Promise<T> => platform.tenantDatabase.forTenant(tenant, work);
  const accept = (content: string, target = 'own', scope = me) => run(() => one.turns.accept(target, scope, said(content)));
  const texts = (scope: MemoryScope = me) => run(async () => (await one.memories.list(scope, { page: 1, pageSize: 200 })).items.map(({ text }) => text));
  const figures = () => run(() => one.turns.figures(me.ownerId));
  const sql = (statement: (table: string) => string) => run(() => platform.tenantDatabase.query((names) => statement(names.table('memory_turns'))));
  const due = () => sql((table) => `UPDATE ${table} SET run_after = now()`);
  const until = async (done: () => Promise<boolean>) => {
    for (let tries = 0; !(await done()); tries++) {
      if (tries > 2_400) throw new Error('It did not come about within two minutes');
      await delay(50);
    }
  };
  const empty = async () => (await figures()).queued === 0;

  it('become memories in the background, once, though two processes take them', async () => {
    const dishes = ['ramen', 'paella', 'goulash', 'dumplings', 'lasagne'];
    const facts = Array.from({ length: 40 }, (_, number) => `I like ${dishes[Math.floor(number / 8)]} number${number}.`);
    await one.startWorker();
    await two.startWorker();
    await Promise.all(facts.map((fact, at) => accept(fact, 'own', { ...me, userId: `user-${at % 8}` })));
    await until(empty);
    expect((await texts({ ownerId: me.ownerId })).sort()).toEqual(facts.map((fact) => fact.slice(0, -1)).sort());
    const history = await run(() => platform.tenantDatabase.query((names) => `SELECT event FROM ${names.table('memory_history')}`));
    expect(history).toHaveLength(40);
  });

  it('are learnt from in the order in which they were told', async () => {
    for (const city of ['Rome', 'Paris', 'Oslo', 'Bergen']) await accept(`I live in ${city}.`);
    await one.startWorker();
    await two.startWorker();
    await until(empty);
    expect(await texts()).toEqual(['I live in Bergen']);
  });

  it('are neither lost nor learnt from twice when their process dies at any moment', async () => {
    await accept('I live in Lisbon.');
    // Killed after it has taken the turn: nobody else gets it until the claim ends, then another process does.
    const dead = await run(() => one.queue.take());
    expect(await run(() => two.queue.take())).toBeUndefined();
    await due();
    const next = await run(() => two.queue.take());
    expect(next).toMatchObject({ id: dead?.id, attempt: 2 });
    // Killed while it writes: neither the memory nor the removal of the turn is there.
    const broken = run(() => two.queue.finish(next!, async () => {
      await two.memories.add(me, 'I live in Lisbon');
      throw new Error('killed');
    }));
    await expect(broken).rejects.toThrow();
    expect([await texts(), (await figures()).queued]).toEqual([[], 1]);
    // The dead one was only slow and comes back: the turn is not its own any more.
    expect(await run(() => one.queue.finish(dead!, async () => void (await one.memories.add(me, 'told by the dead'))))).toBe(false);
    await due();
    await one.startWorker();
    await until(empty);
    expect(await texts()).toEqual(['I live in Lisbon']);
  });

  it('go back to the queue when the process stops while a model reads them, and are learnt from by the model later', async () => {
    const llm = await startLlmServer();
    const open = () => openMemories(platform, { extractor: new LlmFactExtractor(new LanguageModel({ baseUrl: llm.url, apiKey: undefined, model: 'scripted', timeoutSeconds: 30 })) });
    const [stopped, next] = [open(), open()];
    llm.script({ kind: 'silence' }, { kind: 'answer', pieces: ['{"facts": ["Our standup moved to nine on Mondays"]}'] });
    await accept('By the way: our standup moved to nine, on Mondays that is.');
    await stopped.startWorker();
    await until(() => Promise.resolve(llm.requests.length === 1));
    await stopped.stopWorker();
    expect(await sql((table) => `SELECT attempts FROM ${table}`)).toEqual([{ attempts: 0 }]);
    await next.startWorker();
    await until(empty);
    expect(await texts()).toEqual(['Our standup moved to nine on Mondays']);
    await next.stopWorker();
    await llm.stop();
  });

  it('are tried again with growing pauses, eight times, then kept as failed for a week', async () => {
    let attempts = 0;
    let failedAt = 0;
    await accept('I like tea.', 'mem0');
    for (let attempt = 1; attempt <= 8; attempt++) {
      const process = openMemories(platform);
      process.turns.register('mem0', () => {
        failedAt = Date.now();
        return Promise.reject(new Error(`broken ${++attempts}`));
      });
      await process.startWorker();
      await until(async () => attempts === attempt);
      await process.worker.idle();
      await process.stopWorker();
      const [row] = await sql((table) => `SELECT extract(epoch FROM run_after) * 1000 AS at FROM ${table}`);
      const pause = [10, 30, 90, 270, 810, 2_430, 3_600][attempt - 1];
      if (pause !== undefined) {
        // Counted from the failure, whenever that was written.
        expect(Number(row?.at)).toBeGreaterThan(failedAt + pause * 1_000 - 100);
        expect(Number(row?.at)).toBeLessThan(Date.now() + pause * 1_000 + 100);
      }
      if (attempt < 8) expect(await figures()).toMatchObject({ queued: 1, failed: 0 });
      await due();
    }
    expect(await figures()).toMatchObject({ queued: 0, failed: 1, failures: [{ target: 'mem0', attempts: 8, error: 'broken 8' }] });
    expect(await run(() => one.queue.take())).toBeUndefined();
    await run(() => one.upkeep.run());
    expect((await figures()).failed).toBe(1);
    await sql((table) => `UPDATE ${table} SET failed_at = now() - interval '8 days'`);
    await run(() => one.upkeep.run());
    expect((await figures()).failed).toBe(0);
  });

  it('that can never be learnt from are given up at once, and hold up nothing', async () => {
    one.turns.register('mem0', ({ turn }) => (turn[0]?.content.includes('poison') ? Promise.reject(new AppError('engine.mem0_refused', 'invalid', 'refused')) : Promise.resolve(nothing)));
    await accept('poison', 'mem0');
    await accept('honey', 'mem0');
    await one.startWorker();
    await until(empty);
    expect(await figures()).toMatchObject({ failed: 1, failures: [{ attempts: 1, error: 'refused' }] });
  });

  it('do not bring back what was forgotten after they were accepted', async () => {
    await accept('I live in Lisbon.');
    await accept('I like tea.', 'own', { ...me, userId: 'ann' });
    const taken = await run(() => two.queue.take());
    await run(() => one.memories.forgetAll(me));
    expect(await run(() => two.queue.finish(taken!, async () => void (await two.memories.add(me, 'I live in Lisbon'))))).toBe(false);
    expect([await texts(), (await figures()).queued]).toEqual([[], 1]);
    const [tea] = await run(() => one.memories.add({ ...me, userId: 'ann' }, 'I like tea'));
    await run(() => one.memories.forget(me.ownerId, [tea!.id]));
    await one.startWorker();
    await until(empty);
    expect(await texts({ ownerId: me.ownerId })).toEqual([]);
    await accept('I like tea.', 'own', { ...me, userId: 'ann' });
    await until(empty);
    expect(await texts({ ownerId: me.ownerId })).toEqual(['I like tea']);
  });

  it('are waited for by somebody who has everything forgotten while they are written', async () => {
    await accept('I live in Lisbon.');
    const taken = await run(() => two.queue.take());
    let written: () => void = () => undefined;
    const middle = new Promise<void>((resolve) => (written = resolve));
    const finishing = run(() => two.queue.finish(taken!, async () => {
      await two.memories.add(me, 'I live in Lisbon');
      written();
      await delay(200);
    }));
    await middle;
    expect(await run(() => one.memories.forgetAll(me))).toBe(1);
    expect(await finishing).toBe(true);
    expect(await texts()).toEqual([]);
  });

  it('are refused when ten thousand wait, and not kept when the user says nothing', async () => {
    await accept('   ');
    await run(() => one.turns.accept('own', me, [{ role: 'assistant', content: 'I live in a data centre.' }]));
    expect((await figures()).queued).toBe(0);
    await sql((table) => `INSERT INTO ${table} (id, target, owner_id, turn, run_after) SELECT gen_random_uuid(), 'own', 'principal-2', '[]', now() + interval '1 day' FROM generate_series(1, ${mostQueued})`);
    await expect(accept('I live in Lisbon.')).rejects.toMatchObject({ code: 'memory.queue_full' });
    expect(await run(() => one.turns.figures('principal-2'))).toMatchObject({ queued: mostQueued, failed: 0 });
  });

  it('are found by one look at all tenants, one of which has no table yet', async () => {
    await accept('I live in Lisbon.');
    const half = await newTenant(platform);
    await platform.database.pool.query(`DROP TABLE ${half.schema}.memory_turns`);
    expect((await one.queue.waiting()).map(({ schema }) => schema)).toEqual([tenant.schema]);
    await platform.database.pool.query(`CREATE TABLE ${half.schema}.memory_turns (LIKE ${tenant.schema}.memory_turns INCLUDING ALL)`);
  });

  it('keep texts that no database can hold, without what it cannot', async () => {
    await accept(`I live in Lisbon.\u0000 ${'x'.repeat(4_970)}😀`);
    await accept('I like \ud83d tea.');
    await one.startWorker();
    await until(empty);
    expect(await figures()).toMatchObject({ failed: 0 });
  });
});
