import type { QueryRunner } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HistorySummaries } from '../../src/modules/engine/adapters/history-summaries.js';
import { EngineRunStore } from '../../src/modules/engine/adapters/engine-run.store.js';
import { LlmFactExtractor } from '../../src/modules/memory/adapters/llm.fact-extractor.js';
import { UsageService } from '../../src/modules/analytics/usage.service.js';
import type { EngineRun, UsageGroup } from '../../src/modules/engine/engine-run.types.js';
import { UsageRollups1795226200000 } from '../../src/platform/database/migrations/tenant/1795226200000-usage-rollups.js';
import { LanguageModel } from '../../src/platform/language-model/language-model.js';
import type { Tenant } from '../../src/platform/tenancy/tenant.entity.js';
import { TenantRounds } from '../../src/platform/tenancy/tenant-rounds.js';
import { tenantContext } from '../../src/platform/tenancy/tenant.service.js';
import { eventually } from '../support/api.js';
import { ask, asCaller, key, startEngines, stopEngines, type EngineProcess } from '../support/engines.js';
import { startLlmServer } from '../support/llm-server.js';

const hour = 3_600_000;
const day = 24 * hour;

let one: EngineProcess;
let store: EngineRunStore;
let usages: UsageService;
let tenant: Tenant;
let rounds: TenantRounds;
beforeAll(async () => {
  one = await startEngines();
  rounds = new TenantRounds(one.platform.tenants, one.platform.tenantDatabase);
  store = new EngineRunStore(one.platform.tenantDatabase, rounds);
  usages = new UsageService(one.engines);
  tenant = await one.platform.tenants.provision('bills', 'Bills');
});
afterAll(() => stopEngines(one));

const usageOf = (groupBy: UsageGroup, more: object = {}) => asCaller(tenant, () => usages.usage({ groupBy, page: 1, pageSize: 20, ...more }));
function run(n: number): EngineRun {
  const times = { totalMs: 5, retrievalMs: null, firstTokenMs: null, memoryMs: null, generationMs: 5 };
  const account = { purpose: 'answer' as const, principalId: `key-${n % 3}`, userId: `user-${n % 10}`, requestId: `request-${n}` };
  return { id: uuidv7(), engine: 'made', model: `model-${n % 2}`, reason: 'default', status: n % 7 ? 'ok' : 'failed', ...times, ...account, promptTokens: 100, completionTokens: 10, tokensEstimated: n % 5 === 0, cost: n % 2 ? 0.01 : null, at: new Date(Date.now() - n * hour) };
}

describe('the use of models', () => {
  it('is told by key, user, model, engine and purpose; the sums agree with the runs, once each', async () => {
    const runs = Array.from({ length: 600 }, (_, n) => run(n));
    // Two processes at once, and a batch that is sent again because nobody knows whether it arrived.
    await Promise.all([0, 1, 2].map((part) => store.write(tenantContext(tenant), runs.slice(part * 200, (part + 1) * 200))));
    await store.write(tenantContext(tenant), runs.slice(0, 200));
    for (const [groupBy, groups] of [['key', 3], ['user', 10], ['model', 2], ['engine', 1], ['purpose', 1]] as const) {
      const { items, total } = await usageOf(groupBy);
      expect([total, items.length, items.reduce((sum, { runs: count }) => sum + count, 0), items.reduce((sum, { promptTokens }) => sum + promptTokens, 0)]).toEqual([groups, groups, 600, 60_000]);
    }
    const [dearest, free] = (await usageOf('model')).items;
    expect(dearest).toMatchObject({ name: 'model-1', runs: 300, estimated: 60, completionTokens: 3_000 });
    expect([dearest?.cost?.toFixed(2), free?.cost]).toEqual(['3.00', null]);
    const { items: lately, window } = await usageOf('purpose', { window: '48h' });
    expect(lately[0]?.runs).toBe(runs.filter(({ at }) => at >= window.from && at < window.to).length);
    expect(await usageOf('user', { page: 2, pageSize: 6 })).toMatchObject({ total: 10, items: { length: 4 } });
    expect(await usageOf('user', { page: 9 })).toMatchObject({ total: 10, items: [] });
  });

  it('names who asked, and for whom the model worked in the background', async () => {
    tenant = await one.platform.tenants.provision('accounts', 'Accounts');
    const llm = await startLlmServer();
    const model = new LanguageModel({ baseUrl: llm.url, apiKey: undefined, model: 'scripted', timeoutSeconds: 5 }, ({ principalId = key, userId, ...call }) => one.events.emit('model.called', { ...call, tenant: tenantContext(tenant), principalId, userId, requestId: undefined }));
    await asCaller(tenant, () => ask(one, 'What?', 'second'));
    llm.script({ kind: 'answer', pieces: ['{"facts": []}'] });
    await new LlmFactExtractor(model).extract([{ role: 'user', content: 'I live in Lisbon.' }], { scope: { ownerId: 'key-7', userId: 'ann' } });
    const turns = Array.from({ length: 6 }, (_, n) => ({ role: n % 2 ? ('assistant' as const) : ('user' as const), content: `Remark ${n}` }));
    await asCaller(tenant, () => Promise.resolve(new HistorySummaries(model).extend(turns, 'bob')));
    const { items } = await eventually(() => usageOf('purpose'), ({ total }) => total === 3);
    expect(items.map(({ name, runs }) => [name, runs]).sort()).toEqual([['answer', 1], ['memory', 1], ['summary', 1]]);
    expect(items.find(({ name }) => name === 'memory')).toMatchObject({ promptTokens: 100, estimated: 0 });
    expect((await usageOf('key')).items.map(({ name, runs }) => [name, runs]).sort()).toEqual([[key, 2], ['key-7', 1]]);
    expect((await usageOf('user')).items.map(({ name }) => name).sort()).toEqual(['', 'ann', 'bob']);
    // Figures of the engines are of answers only.
    expect((await asCaller(tenant, () => one.engines.performance(60))).recent).toMatchObject([{ purpose: 'answer', principalId: key, requestId: 'test' }]);
    await llm.stop();
  });

  it('of runs from before the accounts is carried along, on nobody\'s account', async () => {
    tenant = await one.platform.tenants.provision('older', 'Older');
    await store.write(tenantContext(tenant), [run(1), run(3), run(5)]);
    const client = await one.platform.database.pool.connect();
    try {
      await client.query('SET search_path TO tenant_older, public');
      const runner = { query: (sql: string) => client.query(sql) } as unknown as QueryRunner;
      await new UsageRollups1795226200000().down(runner);
      await new UsageRollups1795226200000().up(runner);
    } finally {
      client.release(true);
    }
    expect((await usageOf('model')).items).toMatchObject([{ name: 'model-1', runs: 3, estimated: 1, promptTokens: 300, cost: 0.03 }]);
    expect((await usageOf('key')).items.map(({ name }) => name)).toEqual(['']);
  });

  it('is kept for 400 days, by the hour for 37', async () => {
    tenant = await one.platform.tenants.provision('kept', 'Kept');
    store.onModuleInit();
    await store.write(tenantContext(tenant), [20, 50, 399, 402].map((days) => ({ ...run(1), at: new Date(Date.now() - days * day) })));
    await rounds.walk();
    const grains = await asCaller(tenant, () => one.platform.tenantDatabase.query((sql) => `SELECT grain, count(*)::int AS n FROM ${sql.table('usage_rollups')} GROUP BY 1 ORDER BY 1`));
    expect(grains).toEqual([{ grain: 'day', n: 3 }, { grain: 'hour', n: 1 }]);
    expect((await usageOf('key', { window: '60d' })).items[0]?.runs).toBe(2);
  });
});
