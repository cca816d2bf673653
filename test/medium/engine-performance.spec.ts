import { v7 as uuidv7 } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineRunStore } from '../../src/modules/engine/adapters/engine-run.store.js';
import type { EngineRun } from '../../src/modules/engine/engine-run.types.js';
import { TenantRounds } from '../../src/platform/tenancy/tenant-rounds.js';
import { tenantContext } from '../../src/platform/tenancy/tenant.service.js';
import type { Tenant } from '../../src/platform/tenancy/tenant.entity.js';
import { eventually } from '../support/api.js';
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
afterEach(() => {
  vi.useRealTimers();
});
beforeEach(async () => {
  tenant = await one.platform.tenants.provision(`engines_${tenants}`, `Engines ${tenants++}`);
});

describe('the figures of the engines', () => {
  it('are told by engine, with tokens, price, failures and the newest runs, on every process and for the tenant only', async () => {
    const here = await startEngines(one.platform.url);
    await asCaller(tenant, async () => {
      await ask(here, 'What?', 'second');
      await ask(here, '[[script {"pieces":["one two three"],"delay_ms":3000}]]', 'second');
      here.first.trouble = 'refuses';
      await ask(here);
      await here.monitor.flush();
      const { engines, recent } = await two.engines.performance(60);
      expect(engines.map(({ engine, runs, failed }) => [engine, runs, failed])).toEqual([['second', 3, 0], ['first', 1, 1]]);
      const [second, first] = engines;
      expect(second?.p95Ms).toBeGreaterThan(2_500);
      expect(second?.p50Ms).toBeLessThan(2_500);
      expect(second?.cost).toBeCloseTo(((second?.promptTokens ?? 0) * 1_000 + (second?.completionTokens ?? 0) * 2_000) / 1_000_000);
      expect(second?.completionTokens).toBeGreaterThan(3);
      expect(first?.cost).toBeNull();
      expect(recent.map(({ engine, reason, status }) => [engine, reason, status])).toEqual([['second', 'failover', 'ok'], ['first', 'default', 'failed'], ['second', 'requested', 'ok'], ['second', 'requested', 'ok']]);
      expect(recent[2]).toMatchObject({ tokensEstimated: true, retrievalMs: null, firstTokenMs: expect.any(Number) });
    });
    expect((await asCaller(await here.platform.tenants.provision('unseen', 'Unseen'), () => here.engines.performance(60))).engines).toEqual([]);
    await stopEngines(here);
  });

  it('book nothing for an attempt that the model never took', async () => {
    await asCaller(tenant, async () => {
      one.first.trouble = 'refuses';
      await expect(ask(one, 'What? '.repeat(500), 'first')).rejects.toThrow();
      one.first.trouble = 'none';
      expect((await one.engines.performance(60)).recent).toMatchObject([{ status: 'failed', promptTokens: 0, completionTokens: 0, cost: null }]);
    });
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
      const schema = `"tenant_${tenant.slug}"`;
      await one.platform.database.pool.query(`CREATE FUNCTION ${schema}.full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'full' USING ERRCODE = 'disk_full'; END $$;
        CREATE TRIGGER full_disk BEFORE INSERT ON ${schema}.engine_runs EXECUTE FUNCTION ${schema}.full()`);
      await ask(one);
      await one.monitor.flush();
      await one.platform.database.pool.query(`DROP FUNCTION ${schema}.full() CASCADE`);
      await eventually(() => one.engines.performance(60), ({ recent }) => recent.length === 1);
      expect((await one.engines.performance(60)).recent).toHaveLength(1);
    });
  });

  it('are all there after a shutdown, however many wait', async () => {
    const here = await startEngines(one.platform.url);
    const run = { engine: 'made', model: 'model', reason: 'default' as const, status: 'ok' as const, firstTokenMs: null, memoryMs: null, generationMs: 1, text: 'One two.', told: true };
    await asCaller(tenant, async () => {
      for (let n = 0; n < 1_200; n++) here.monitor.record([{ role: 'user', content: 'What?' }], {}, run);
      await here.monitor.beforeApplicationShutdown();
      await here.monitor.onApplicationShutdown();
      expect((await one.engines.performance(60)).engines).toMatchObject([{ engine: 'made', runs: 1_200 }]);
    });
    await stopEngines(here);
  });

  it('come from roll-ups that agree with the single runs over any window, and are not counted twice', async () => {
    // A minute may end at any moment.
    vi.useFakeTimers({ toFake: ['Date'] });
    const runs = Array.from({ length: 3_000 }, (_, n) => madeRun(n));
    const store = new EngineRunStore(one.platform.tenantDatabase, new TenantRounds(one.platform.tenants, one.platform.tenantDatabase));
    const context = tenantContext(tenant);
    // Two processes at once, and a batch that is sent again because nobody knows whether it arrived.
    await Promise.all(Array.from({ length: 6 }, (_, part) => store.write(context, runs.slice(part * 500, (part + 1) * 500))));
    await store.write(context, runs.slice(0, 500));
    await asCaller(tenant, async () => {
      for (const minutes of [30, 400, 4_000]) {
        const [found, ...others] = await store.figures(minutes);
        const since = Math.floor(Date.now() / 60_000 - minutes) * 60_000;
        const within = runs.filter(({ at }) => at.getTime() >= since);
        const average = (pick: (run: EngineRun) => number | null) => within.reduce((sum, run) => sum + (pick(run) ?? 0), 0) / within.filter((run) => pick(run) !== null).length;
        expect(others).toEqual([]);
        expect(found).toMatchObject({ engine: 'made', runs: within.length, failed: within.filter(({ status }) => status === 'failed').length, promptTokens: within.length * 100 });
        expect(found?.averageMs).toBeCloseTo(average((run) => run.totalMs));
        expect(found?.retrievalMs).toBeCloseTo(average((run) => run.retrievalMs));
        expect(found?.memoryMs).toBeNull();
        expect(found?.cost).toBeCloseTo(within.reduce((sum, run) => sum + (run.cost ?? 0), 0));
        const exact = nearestRank(within.map(({ totalMs }) => totalMs), 0.95);
        expect(Math.abs((found?.p95Ms ?? 0) - exact) / exact).toBeLessThan(0.05);
        const first = nearestRank(within.flatMap(({ firstTokenMs }) => firstTokenMs ?? []), 0.95);
        expect(Math.abs((found?.firstTokenP95Ms ?? 0) - first) / first).toBeLessThan(0.05);
      }
    });
  });

  it('are kept for 30 days', async () => {
    const rounds = new TenantRounds(one.platform.tenants, one.platform.tenantDatabase);
    const store = new EngineRunStore(one.platform.tenantDatabase, rounds);
    store.onModuleInit();
    const day = 86_400_000;
    await store.write(tenantContext(tenant), [{ ...madeRun(0), at: new Date(Date.now() - 31 * day) }, { ...madeRun(1), at: new Date(Date.now() - 29 * day) }]);
    await rounds.walk();
    await asCaller(tenant, async () => {
      expect(await store.recent(60 * 24 * 40, 10)).toHaveLength(1);
      expect((await store.figures(60 * 24 * 40)).map(({ runs }) => runs)).toEqual([1]);
    });
  });
});

/** Spread over three days, the newer the more; times from 1 ms to a minute. */
function madeRun(n: number): EngineRun {
  const totalMs = Math.exp((n * 7_919 % 1_000) / 1_000 * 11);
  const common = { id: uuidv7(), purpose: 'answer' as const, principalId: `key-${n % 3}`, userId: `user-${n % 10}`, requestId: null, engine: 'made', model: 'model', reason: 'default' as const, totalMs, generationMs: totalMs / 2, memoryMs: null, promptTokens: 100, completionTokens: 10, tokensEstimated: false };
  return { ...common, status: n % 7 ? 'ok' : 'failed', firstTokenMs: n % 3 ? totalMs / 4 : null, retrievalMs: n % 2 ? n % 50 : null, cost: n % 5 ? 0.01 : null, at: new Date(Date.now() - (n / 3_000) ** 3 * 3 * 86_400_000) };
}

function nearestRank(values: number[], fraction: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * fraction) - 1] ?? NaN;
}
