import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Tenant } from '../../src/platform/tenancy/tenant.entity.js';
import { asCaller, ask, startEngines, stopEngines, type EngineProcess } from '../support/engines.js';

let one: EngineProcess;
let two: EngineProcess;
let tenant: Tenant;
let tenants = 0;

beforeAll(async () => {
  one = await startEngines();
  two = await startEngines(one.platform.url);
});
afterAll(async () => {
  await stopEngines(two);
  await stopEngines(one);
});
beforeEach(async () => {
  tenant = await one.platform.tenants.provision(`engines_${tenants}`, `Engines ${tenants++}`);
});

describe('the figures of the engines', () => {
  it('are told by engine, with tokens, price, failures and the newest runs, on every process and for the tenant only', async () => {
    const here = await startEngines(one.platform.url);
    await asCaller(tenant, async () => {
      await ask(here, 'What?', 'second');
      await ask(here, '[[script {"pieces":["one two three"],"delay_ms":30}]]', 'second');
      here.first.trouble = 'refuses';
      await ask(here);
      await here.monitor.flush();
      const { engines, recent } = await two.engines.performance(60);
      expect(engines.map(({ engine, runs, failed }) => [engine, runs, failed])).toEqual([['second', 3, 0], ['first', 1, 1]]);
      const [second, first] = engines;
      expect(second?.p95Ms).toBeGreaterThan(20);
      expect(second?.p50Ms).toBeLessThan(20);
      expect(second?.cost).toBeCloseTo(((second?.promptTokens ?? 0) * 1_000 + (second?.completionTokens ?? 0) * 2_000) / 1_000_000);
      expect(second?.completionTokens).toBeGreaterThan(3);
      expect(first?.cost).toBeNull();
      expect(recent.map(({ engine, reason, status }) => [engine, reason, status])).toEqual([['second', 'failover', 'ok'], ['first', 'default', 'failed'], ['second', 'requested', 'ok'], ['second', 'requested', 'ok']]);
      expect(recent[2]).toMatchObject({ tokensEstimated: true, retrievalMs: null, firstTokenMs: expect.any(Number) });
    });
    expect((await asCaller(await here.platform.tenants.provision('unseen', 'Unseen'), () => here.engines.performance(60))).engines).toEqual([]);
    await stopEngines(here);
  });

  it('tell of an answer that its caller left', async () => {
    await asCaller(tenant, async () => {
      const answer = one.engines.generate([{ role: 'user', content: '[[script {"pieces":["a","b"]}]]' }], { stream: true, retrievalMs: 5 });
      await answer.next();
      await answer.return(undefined);
      const { recent } = await one.engines.performance(60);
      expect(recent).toMatchObject([{ status: 'cancelled', retrievalMs: 5 }]);
      expect(recent[0]?.totalMs).toBeGreaterThan(5);
    });
  });

  it('are kept while the database does not take them, and written once', async () => {
    await asCaller(tenant, async () => {
      const table = `"tenant_${tenant.slug}".engine_runs`;
      await one.platform.database.pool.query(`ALTER TABLE ${table} RENAME TO engine_runs_away`);
      await ask(one);
      await one.monitor.flush();
      await one.platform.database.pool.query(`ALTER TABLE "tenant_${tenant.slug}".engine_runs_away RENAME TO engine_runs`);
      expect((await one.engines.performance(60)).recent).toHaveLength(1);
      expect((await one.engines.performance(60)).recent).toHaveLength(1);
    });
  });
});
