import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Tenant } from '../../src/platform/tenancy/tenant.entity.js';
import { runWithContext } from '../../src/platform/tenancy/tenant-context.js';
import { tenantContext } from '../../src/platform/tenancy/tenant.service.js';
import { eventually } from '../support/api.js';
import { asCaller, ask, coolDownMs, key, startEngines, stopEngines, type EngineProcess } from '../support/engines.js';

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

describe('the engines', () => {
  it('answer with the default until a tenant chooses, and with the chosen one from then on, for that tenant only', async () => {
    await asCaller(tenant, async () => {
      expect(await ask(one)).toMatchObject({ engine: 'first', engineReason: 'default' });
      expect(await one.engines.switchTo('second')).toEqual({ engine: 'second', previous: 'first' });
      expect(await ask(one)).toMatchObject({ engine: 'second', model: 'second', engineReason: 'tenant' });
      expect((await one.engines.list()).map(({ name, current }) => [name, current])).toEqual([['first', false], ['second', true], ['extractive', false]]);
    });
    expect(await asCaller(await one.platform.tenants.bySlug('default'), () => ask(one))).toMatchObject({ engine: 'first' });
  });

  it('obey a request that names one, and refuse a name that is none, changing nothing', async () => {
    await asCaller(tenant, async () => {
      expect(await ask(one, 'What?', 'second')).toMatchObject({ engine: 'second', engineReason: 'requested' });
      await expect(ask(one, 'What?', 'steam')).rejects.toMatchObject({ code: 'engine.unknown', kind: 'invalid', message: expect.stringContaining('first, second, extractive') });
      await expect(one.engines.switchTo('steam')).rejects.toMatchObject({ code: 'engine.unknown' });
      expect(await one.engines.current()).toMatchObject({ name: 'first', source: 'default' });
    });
  });

  it('fall back to the default when the chosen one is not there any more', async () => {
    await asCaller(tenant, async () => {
      await one.store.write(tenant.id, 'removed');
      expect(await one.engines.current()).toMatchObject({ name: 'first', source: 'default' });
    });
  });
});

describe('a switch', () => {
  it('is seen by another process, whatever it knew before', async () => {
    await asCaller(tenant, async () => {
      expect((await ask(two)).engine).toBe('first');
      await one.engines.switchTo('second');
      await eventually(() => ask(two), ({ engine }) => engine === 'second');
    });
  });

  it('is seen also when its word is not heard', async () => {
    const deaf = await startEngines(one.platform.url);
    await deaf.bus.onApplicationShutdown();
    await asCaller(tenant, async () => {
      expect((await ask(deaf)).engine).toBe('first');
      await one.engines.switchTo('second');
      await eventually(() => ask(deaf), ({ engine }) => engine === 'second');
    });
    await deaf.platform.close();
  });

  it('lets an answer under way finish where it began', async () => {
    await asCaller(tenant, async () => {
      const under = one.engines.generate([{ role: 'user', content: '[[script {"pieces":["a","b","c"]}]]' }], { stream: true });
      expect(await under.next()).toMatchObject({ value: { type: 'delta', text: 'a' } });
      await one.engines.switchTo('second');
      const rest = [];
      for await (const event of under) rest.push(event);
      expect(rest.at(-1)).toMatchObject({ type: 'done', answer: { engine: 'first', text: 'abc' } });
    });
  });

  it('leaves no question with the old engine once it has returned, however many are asked meanwhile', async () => {
    await asCaller(tenant, async () => {
      let stop = false;
      let wrong = 0;
      let asked = 0;
      /** Changes when a switch is asked for, and when it has returned. */
      let state = { due: 'first', switching: false };
      const askOn = async () => {
        while (!stop) {
          const begun = state;
          const { engine } = await ask(one);
          asked++;
          // Or nobody else would ever have a turn.
          await setImmediate();
          // Begun after a switch had returned, and ended before the next was asked for.
          if (begun === state && !begun.switching && engine !== begun.due) wrong++;
        }
      };
      const askers = Array.from({ length: 8 }, askOn);
      for (let round = 0; round < 20; round++) {
        const due = round % 2 ? 'first' : 'second';
        state = { due, switching: true };
        await one.engines.switchTo(due);
        state = { due, switching: false };
        const before = asked;
        await eventually(() => Promise.resolve(asked - before), (count) => count >= 16);
      }
      stop = true;
      await Promise.all(askers);
      expect(asked).toBeGreaterThan(100);
      expect(wrong).toBe(0);
    });
  });

  it('leaves the latest choice when several come at once', async () => {
    await asCaller(tenant, async () => {
      await Promise.all(Array.from({ length: 10 }, (_, n) => (n % 2 ? one : two).engines.switchTo(n % 3 ? 'second' : 'first')));
      const stored = await one.store.read(tenant.id);
      for (const process of [one, two]) await eventually(() => process.engines.current(), ({ name }) => name === stored);
    });
  });

  it('leaves its trace, and one that fails leaves neither choice nor trace', async () => {
    const trail = async () => (await one.platform.database.pool.query('SELECT actor, action, subject, detail FROM audit_log WHERE tenant_id = $1 ORDER BY id', [tenant.id])).rows;
    await asCaller(tenant, async () => {
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

describe('an engine that is down', () => {
  // Time stands still for the circuits but where it is said to pass.
  const rest = () => vi.advanceTimersByTime(coolDownMs);
  /** A process that has seen neither success nor failure yet. */
  let here: EngineProcess;
  const circuit = async () => (await here.engines.state('first')).circuit;
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    here = await startEngines(one.platform.url);
  });
  afterEach(async () => {
    vi.useRealTimers();
    await stopEngines(here);
  });

  it('is stood in for by the next one; after some failures it is not asked any more, until it is back', async () => {
    await asCaller(tenant, async () => {
      here.first.trouble = 'refuses';
      for (let n = 0; n < 3; n++) expect(await ask(here)).toMatchObject({ engine: 'second', engineReason: 'failover' });
      expect(await circuit()).toBe('open');
      const { asked } = here.first;
      expect(await ask(here)).toMatchObject({ engine: 'second', engineReason: 'failover' });
      expect(here.first.asked).toBe(asked);
      rest();
      // The probe fails: its question is answered all the same.
      expect((await ask(here)).engine).toBe('second');
      expect(await circuit()).toBe('open');
      here.first.trouble = 'none';
      rest();
      expect(await ask(here)).toMatchObject({ engine: 'first', engineReason: 'default' });
      expect(await circuit()).toBe('closed');
    });
  });

  it('is found and left by the health checks alone, without a question', async () => {
    here.first.trouble = 'refuses';
    for (let n = 0; n < 3; n++) await here.checks.round();
    const { asked } = here.first;
    expect((await asCaller(tenant, () => ask(here))).engine).toBe('second');
    here.first.trouble = 'none';
    rest();
    await here.checks.round();
    expect(here.first.asked).toBe(asked);
    expect((await asCaller(tenant, () => ask(here))).engine).toBe('first');
  });

  it('stands once in the trail of every tenant that uses it, when others begin to answer and when it is back, however many processes saw it', async () => {
    const chooser = await one.platform.tenants.provision('chooser', 'Chooser');
    await asCaller(chooser, () => one.engines.switchTo('extractive'));
    const trail = async (of: Tenant) => (await one.platform.database.pool.query('SELECT actor, action, subject, detail FROM audit_log WHERE tenant_id = $1 ORDER BY at, id', [of.id])).rows.filter(({ action }) => action !== 'engine.switched');
    const also = await startEngines(one.platform.url);
    for (const process of [here, also]) {
      process.first.trouble = 'refuses';
      for (let n = 0; n < 6; n++) await asCaller(tenant, () => ask(process));
      rest();
      await asCaller(tenant, () => ask(process));
      process.first.trouble = 'none';
    }
    await Promise.all([here.outages.settled(), also.outages.settled()]);
    const away = { actor: 'system:engine', action: 'engine.failed_over', subject: 'first', detail: { stand_ins: ['second', 'extractive'] } };
    expect(await trail(tenant)).toEqual([away]);
    rest();
    for (const process of [here, also]) await asCaller(tenant, () => ask(process));
    await Promise.all([here.outages.settled(), also.outages.settled()]);
    expect(await trail(tenant)).toEqual([away, { actor: 'system:engine', action: 'engine.restored', subject: 'first', detail: {} }]);
    // Down again, within the minute: the last word of the trail must not be that it is back.
    for (const process of [here, also]) {
      process.first.trouble = 'refuses';
      for (let n = 0; n < 6; n++) await asCaller(tenant, () => ask(process));
    }
    await Promise.all([here.outages.settled(), also.outages.settled()]);
    expect((await trail(tenant)).map(({ action }) => action)).toEqual(['engine.failed_over', 'engine.restored', 'engine.failed_over']);
    expect(await trail(chooser)).toEqual([]);
    await stopEngines(also);
  });

  it('after its first word is not replaced: its error ends the answer', async () => {
    await asCaller(tenant, async () => {
      here.first.trouble = 'breaks off';
      const told: string[] = [];
      const asking = async () => {
        for await (const event of here.engines.generate([{ role: 'user', content: 'What?' }], { stream: true })) if (event.type === 'delta') told.push(event.text);
      };
      await expect(asking()).rejects.toMatchObject({ code: 'engine.unavailable' });
      expect(told).toEqual(['Half an ']);
    });
  });

  it('serves no key more answers at once than its share of the process', async () => {
    const held: AsyncGenerator[] = [];
    const begin = async () => {
      const answer = here.engines.generate([{ role: 'user', content: '[[script {"pieces":["a","b"]}]]' }], { stream: true }, 'second');
      await answer.next();
      held.push(answer);
    };
    await asCaller(tenant, async () => {
      for (let n = 0; n < 1_000; n++) await begin();
      await expect(begin()).rejects.toMatchObject({ code: 'engine.too_many_answers', kind: 'limited', details: { retryAfterSeconds: 5 } });
      await runWithContext({ requestId: 'other', tenant: tenantContext(tenant), principal: { kind: 'api_key', id: 'another', tenantId: tenant.id, permissions: new Set(['*']) } }, begin);
      await held[0]?.return(undefined);
      await begin();
      for (const answer of held) await answer.return(undefined);
    });
  });

  it('is not stood in for when the request names it, nor when the question is at fault', async () => {
    await asCaller(tenant, async () => {
      here.first.trouble = 'refuses';
      await expect(ask(here, 'What?', 'first')).rejects.toMatchObject({ code: 'engine.unavailable' });
      here.first.trouble = 'none';
      await expect(ask(here, '[[script {"pieces":1}]]')).rejects.toMatchObject({ code: 'engine.bad_script' });
      expect(await circuit()).toBe('closed');
    });
  });
});
