import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '#libs/contracts';
import { requireTenant, runWithContext } from '../../platform/tenancy/tenant-context.js';
import { ToolRegistry } from './tool.registry.js';
import { ToolService } from './tool.service.js';
import type { Tool } from './tool.types.js';

const nothing = z.object({});
const tool = <Arguments extends z.ZodObject>(name: string, args: Arguments, run: Tool<Arguments>['run'], more: Partial<Tool<Arguments>> = {}) => ({ name, description: 'Does a thing.', permission: 'answers:ask' as const, arguments: args, run, ...more });

function as<T>(slug: string, work: () => T, permissions = ['answers:ask']): T {
  return runWithContext({ requestId: 'test', tenant: { tenantId: slug, slug, schema: `tenant_${slug}` }, principal: { kind: 'api_key', id: 'key', tenantId: slug, permissions: new Set(permissions) } }, work);
}

// What fails here fails on purpose.
beforeAll(() => Logger.overrideLogger(false));

let registry: ToolRegistry;
let tools: ToolService;
beforeEach(() => {
  registry = new ToolRegistry();
  tools = new ToolService(registry);
});

const run = (name: string, args = '{}', signal?: AbortSignal, names?: string[] | null) => tools.run({ id: 'call', name, arguments: args }, { signal, names });
const errorOf = ({ content }: { content: string }) => (JSON.parse(content) as { error: { code: string; message: string } }).error;

describe(ToolRegistry, () => {
  it('refuses what would fail at the first answer: a name twice, a name or arguments that models cannot take', () => {
    registry.register(tool('search', nothing, () => 1));
    expect(() => registry.register(tool('search', nothing, () => 2))).toThrow('There are two tools "search"');
    expect(() => registry.register(tool('look up', nothing, () => 1))).toThrow('"look up" is no name');
    expect(() => registry.register(tool('mute', nothing, () => 1, { description: ' ' }))).toThrow('description of tool "mute"');
    expect(() => registry.register(tool('any', z.object({ filter: z.record(z.string(), z.string()) }), () => 1))).toThrow('Language models would refuse the arguments of tool "any": (root).filter: the keyword "propertyNames"');
    expect(registry.all.map(({ tool: { name } }) => name)).toEqual(['search']);
  });
});

describe(ToolService, () => {
  it('offers the tools that the principal may use, all or of those named', () => {
    registry.register(tool('open', nothing, () => 1));
    registry.register(tool('closed', nothing, () => 1, { permission: 'analytics:read' }));
    const named = (names: string[] | null, permissions: string[]) => as('a', () => tools.definitions(names).map(({ name }) => name), permissions);
    expect(named(null, ['answers:ask'])).toEqual(['open']);
    expect(named(null, ['*'])).toEqual(['open', 'closed']);
    expect(named(['closed', 'gone'], ['analytics:*'])).toEqual(['closed']);
    expect(named([], ['*'])).toEqual([]);
  });

  it('gives the tool checked arguments, in the context of the request, and the model its result as JSON', async () => {
    registry.register(tool('greet', z.object({ name: z.string(), times: z.int().default(2) }), async ({ name, times }) => ({ said: `${requireTenant().slug} ${name} ${times}` })));
    expect(await as('a', () => run('greet', '{"name":"Li","times":null,"more":1}'))).toMatchObject({ call: { id: 'call' }, ok: true, content: '{"said":"a Li 2"}' });
    expect(as('a', () => tools.list())).toMatchObject([{ name: 'greet', allowed: true, figures: { runs: 1, failed: 0 } }]);
    expect(as('b', () => tools.list())).toMatchObject([{ figures: { runs: 0 } }]);
  });

  it.each([
    ['{"name"', 'not valid JSON'],
    ['[1]', '(arguments):'],
    ['"text"', '(arguments):'],
    ['null', '(arguments):'],
    ['{"name":1}', 'name:'],
    [`{"name":"${'x'.repeat(70_000)}"}`, 'longer than'],
    [`{"name":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, ''],
  ])('tells the model what is wrong with the arguments %.20s', async (args, word) => {
    registry.register(tool('greet', z.object({ name: z.string() }), () => 'never'));
    const outcome = await as('a', () => run('greet', args));
    expect(outcome.ok).toBe(false);
    expect(errorOf(outcome)).toMatchObject({ code: 'tool.bad_arguments', message: expect.stringContaining(word) });
  });

  it('refuses tools that are not there, not offered or not permitted', async () => {
    registry.register(tool('closed', nothing, () => 1, { permission: 'analytics:read' }));
    registry.register(tool('open', nothing, () => 1));
    expect(errorOf(await as('a', () => run('steam')))).toEqual({ code: 'tool.unknown', message: 'There is no tool "steam"; there is: open.' });
    expect(errorOf(await as('a', () => run('open', '{}', undefined, [])))).toMatchObject({ code: 'tool.unknown', message: 'There is no tool "open"; there is: none.' });
    expect(errorOf(await as('a', () => run('closed')))).toMatchObject({ code: 'tool.forbidden' });
  });

  it('turns failures into results: those raised on purpose in their words, others without a word of what happened', async () => {
    registry.register(tool('known', nothing, () => Promise.reject(new AppError('rag.gone', 'not_found', 'There is no such thing.'))));
    registry.register(tool('thrown', nothing, () => { throw new Error('password=secret'); }));
    registry.register(tool('unsayable', nothing, () => ({ amount: 1n })));
    expect(errorOf(await as('a', () => run('known')))).toEqual({ code: 'rag.gone', message: 'There is no such thing.' });
    for (const name of ['thrown', 'unsayable']) expect(errorOf(await as('a', () => run(name)))).toEqual({ code: 'tool.failed', message: 'The tool failed. Answer without it.' });
    expect(as('a', () => tools.list())[1]?.figures).toMatchObject({ runs: 1, failed: 1 });
  });

  it('refuses outside of a request, also with a result', async () => {
    registry.register(tool('open', nothing, () => 1));
    expect(errorOf(await run('open'))).toMatchObject({ code: 'tenancy.missing' });
  });

  it('cuts a result that is too long, and says so', async () => {
    registry.register(tool('long', nothing, () => 'x'.repeat(100_000)));
    const { ok, content } = await as('a', () => run('long'));
    expect(ok).toBe(true);
    expect(content.length).toBeLessThanOrEqual(16_384);
    expect(JSON.parse(content)).toMatchObject({ notice: expect.stringContaining('100002 characters') });
  });

  it('gives up on a tool that is late, and at once when the caller leaves; the tool is told both times', async () => {
    const told: unknown[] = [];
    registry.register(tool('slow', nothing, async (_input, { signal }) => {
      await delay(120_000, undefined, { signal }).catch((error: Error) => told.push(error.name));
    }, { timeoutMs: 50 }));
    const startedAt = performance.now();
    expect(errorOf(await as('a', () => run('slow')))).toMatchObject({ code: 'tool.timeout', message: expect.stringContaining('50 ms') });
    expect(errorOf(await as('a', () => run('slow', '{}', AbortSignal.abort())))).toMatchObject({ code: 'tool.cancelled' });
    expect(errorOf(await as('a', () => run('slow', '{}', AbortSignal.timeout(10))))).toMatchObject({ code: 'tool.cancelled' });
    const leaving = new AbortController();
    registry.register(tool('deaf', nothing, () => {
      leaving.abort();
      return new Promise(() => undefined);
    }));
    expect(errorOf(await as('b', () => run('deaf', '{}', leaving.signal)))).toMatchObject({ code: 'tool.cancelled' });
    // The tool would have taken two minutes.
    expect(performance.now() - startedAt).toBeLessThan(60_000);
    await expect.poll(() => told.length).toBe(2);
    // The second was not even begun.
    expect(told).toEqual(['AbortError', 'AbortError']);
  });

  it('keeps the tools at work bounded, also those that do not stop when told', async () => {
    let working = 0;
    let release = () => undefined as void;
    const held = new Promise<void>((resolve) => (release = resolve));
    registry.register(tool('stubborn', nothing, async () => {
      working++;
      await held;
      working--;
    }, { timeoutMs: 30 }));
    registry.register(tool('quick', nothing, () => 'done', { timeoutMs: 30 }));
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => as('a', () => run('stubborn'))));
    expect(outcomes.every(({ ok }) => !ok)).toBe(true);
    expect(working).toBe(4);
    // The tenant waits for its own; another one does not.
    expect(errorOf(await as('a', () => run('quick')))).toMatchObject({ code: 'tool.timeout' });
    expect((await as('b', () => run('quick'))).ok).toBe(true);
    release();
    await expect.poll(() => working).toBe(0);
    expect((await as('a', () => run('quick'))).ok).toBe(true);
  });
});
