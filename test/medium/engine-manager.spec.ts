import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineSettingStore } from '../../src/modules/engine/adapters/engine-setting.store.js';
import { ExtractiveEngine } from '../../src/modules/engine/adapters/extractive.engine.js';
import { ScriptedEngine } from '../../src/modules/engine/adapters/scripted.engine.js';
import { EngineChoice } from '../../src/modules/engine/engine-choice.js';
import { EngineRegistry } from '../../src/modules/engine/engine.registry.js';
import { EngineService } from '../../src/modules/engine/engine.service.js';
import type { RoutedAnswer } from '../../src/modules/engine/engine.types.js';
import { AuditLog } from '../../src/platform/audit/audit-log.js';
import { ClusterEventBus } from '../../src/platform/events/cluster-event-bus.js';
import { runWithContext } from '../../src/platform/tenancy/tenant-context.js';
import { tenantContext } from '../../src/platform/tenancy/tenant.service.js';
import type { Tenant } from '../../src/platform/tenancy/tenant.entity.js';
import { openPlatform } from '../support/platform.js';

/** The engines as one process has them: a pool and an event connection of its own. Real: PostgreSQL; nothing is mocked. */
async function startProcess(url?: string) {
  const platform = await openPlatform(url === undefined ? { migrated: true } : { url });
  const bus = new ClusterEventBus(platform.database.config);
  await bus.onModuleInit();
  const registry = new EngineRegistry([
    { engine: new ScriptedEngine('first'), upstream: false, standIn: true },
    { engine: new ScriptedEngine('second'), upstream: false, standIn: true },
    { engine: new ExtractiveEngine(), upstream: false, standIn: true },
  ]);
  const store = new EngineSettingStore(platform.database, new AuditLog());
  const choice = new EngineChoice(store, registry, bus);
  choice.onModuleInit();
  return { platform, bus, engines: new EngineService(registry, choice), store };
}

type Process = Awaited<ReturnType<typeof startProcess>>;

let one: Process;
let two: Process;
let tenant: Tenant;
let tenants = 0;

beforeAll(async () => {
  one = await startProcess();
  two = await startProcess(one.platform.url);
});
afterAll(async () => {
  for (const { bus, platform } of [two, one]) {
    await bus.onApplicationShutdown();
    await platform.close();
  }
});
beforeEach(async () => {
  tenant = await one.platform.tenants.provision(`engines_${tenants}`, `Engines ${tenants++}`);
});

const key = '019aa4c5-8a52-7c3e-9f34-0242ac120002';
function as<T>(of: Tenant, work: () => Promise<T>): Promise<T> {
  return runWithContext({ requestId: 'test', tenant: tenantContext(of), principal: { kind: 'api_key', id: key, tenantId: of.id, permissions: new Set(['*']) } }, work);
}

async function ask({ engines }: Process, question = 'What?', name?: string): Promise<RoutedAnswer> {
  for await (const event of engines.generate([{ role: 'user', content: question }], { stream: true }, name)) if (event.type === 'done') return event.answer;
  throw new Error('no answer');
}

describe('the engines', () => {
  it('answer with the default until a tenant chooses, and with the chosen one from then on, for that tenant only', async () => {
    await as(tenant, async () => {
      expect(await ask(one)).toMatchObject({ engine: 'first', engineReason: 'default' });
      expect(await one.engines.switchTo('second')).toEqual({ engine: 'second', previous: 'first' });
      expect(await ask(one)).toMatchObject({ engine: 'second', model: 'second', engineReason: 'tenant' });
      expect((await one.engines.list()).map(({ name, current }) => [name, current])).toEqual([['first', false], ['second', true], ['extractive', false]]);
    });
    expect(await as(await one.platform.tenants.bySlug('default'), () => ask(one))).toMatchObject({ engine: 'first' });
  });

  it('obey a request that names one, and refuse a name that is none, changing nothing', async () => {
    await as(tenant, async () => {
      expect(await ask(one, 'What?', 'second')).toMatchObject({ engine: 'second', engineReason: 'requested' });
      await expect(ask(one, 'What?', 'steam')).rejects.toMatchObject({ code: 'engine.unknown', kind: 'invalid', message: expect.stringContaining('first, second, extractive') });
      await expect(one.engines.switchTo('steam')).rejects.toMatchObject({ code: 'engine.unknown' });
      expect(await one.engines.current()).toMatchObject({ name: 'first', source: 'default' });
    });
  });

  it('fall back to the default when the chosen one is not there any more', async () => {
    await as(tenant, async () => {
      await one.store.write(tenant.id, 'removed');
      expect(await one.engines.current()).toMatchObject({ name: 'first', source: 'default' });
    });
  });
});

describe('a switch', () => {
  it('is seen by another process within a second, whatever it knew before', async () => {
    await as(tenant, async () => {
      expect((await ask(two)).engine).toBe('first');
      await one.engines.switchTo('second');
      await vi.waitFor(async () => expect((await ask(two)).engine).toBe('second'), { timeout: 1_000, interval: 5 });
    });
  });

  it('is seen within a second also when its word is not heard', async () => {
    const deaf = await startProcess(one.platform.url);
    await deaf.bus.onApplicationShutdown();
    await as(tenant, async () => {
      expect((await ask(deaf)).engine).toBe('first');
      await one.engines.switchTo('second');
      await vi.waitFor(async () => expect((await ask(deaf)).engine).toBe('second'), { timeout: 1_000, interval: 5 });
    });
    await deaf.platform.close();
  });

  it('lets an answer under way finish where it began', async () => {
    await as(tenant, async () => {
      const under = ask(one, '[[script {"pieces":["a","b","c"],"delay_ms":60}]]');
      await new Promise((resolve) => setTimeout(resolve, 80));
      await one.engines.switchTo('second');
      expect(await under).toMatchObject({ engine: 'first', text: 'abc' });
    });
  });

  it('leaves no question with the old engine once it has returned, however many are asked meanwhile', async () => {
    await as(tenant, async () => {
      let stop = false;
      let wrong = 0;
      let asked = 0;
      let promised = 'first';
      const askOn = async () => {
        while (!stop) {
          const due = promised;
          const { engine } = await ask(one);
          asked++;
          // Or nobody else would ever have a turn.
          await setImmediate();
          // Begun after a switch had returned, and ended before the next was asked for.
          if (due === promised && !switching && engine !== due) wrong++;
        }
      };
      let switching = false;
      const askers = Array.from({ length: 8 }, askOn);
      for (let round = 0; round < 20; round++) {
        const next = round % 2 ? 'first' : 'second';
        switching = true;
        await one.engines.switchTo(next);
        promised = next;
        switching = false;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      stop = true;
      await Promise.all(askers);
      expect(asked).toBeGreaterThan(100);
      expect(wrong).toBe(0);
    });
  });

  it('leaves the latest choice when several come at once', async () => {
    await as(tenant, async () => {
      await Promise.all(Array.from({ length: 10 }, (_, n) => (n % 2 ? one : two).engines.switchTo(n % 3 ? 'second' : 'first')));
      const stored = await one.store.read(tenant.id);
      expect((await one.engines.current()).name).toBe(stored);
      await vi.waitFor(async () => expect((await two.engines.current()).name).toBe(stored), { timeout: 1_000 });
    });
  });

  it('leaves its trace, and one that fails leaves neither choice nor trace', async () => {
    const trail = async () => (await one.platform.database.pool.query('SELECT actor, action, subject, detail FROM audit_log WHERE tenant_id = $1 ORDER BY id', [tenant.id])).rows;
    await as(tenant, async () => {
      await one.engines.switchTo('second');
      await one.engines.switchTo('first');
    });
    const traces = [
      { actor: `api_key:${key}`, action: 'engine.switched', subject: 'second', detail: { from: null, to: 'second' } },
      { actor: `api_key:${key}`, action: 'engine.switched', subject: 'first', detail: { from: 'second', to: 'first' } },
    ];
    expect(await trail()).toEqual(traces);
    // Without a principal there is nobody to name in the trail.
    await expect(runWithContext({ requestId: 'test', tenant: tenantContext(tenant) }, () => one.engines.switchTo('second'))).rejects.toMatchObject({ code: 'tenancy.missing' });
    expect(await one.store.read(tenant.id)).toBe('first');
    expect(await trail()).toEqual(traces);
  });
});
