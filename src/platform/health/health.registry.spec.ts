import { HealthIndicatorService } from '@nestjs/terminus';
import { expect, it } from 'vitest';
import { DegradedError, HealthRegistry } from './health.registry.js';

const ask = async (registry: HealthRegistry): Promise<object> => Object.assign({}, ...(await Promise.all(registry.checks().map((check) => (check as () => Promise<object>)()))));

it('many probes at once ask a dependency once, and all get its answer', async () => {
  let asked = 0;
  const registry = new HealthRegistry(new HealthIndicatorService());
  registry.register('database', async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return { asked: ++asked };
  });
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask(registry)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set([expect.stringMatching(/^\{"database":\{"asked":1,"took_ms":\d+,"status":"up"\}\}$/)]));
});

it('a dependency that is down, says nothing or is impaired tells strangers no more than that', async () => {
  const registry = new HealthRegistry(new HealthIndicatorService());
  registry.register('database', () => Promise.reject(new Error('password authentication failed for user "aistack" on 10.0.3.7:5432')));
  registry.register('index', () => new Promise(() => undefined));
  registry.register('embedding', () => Promise.reject(new DegradedError('It does not answer.', { failed_at: '2026-11-22T08:00:00.000Z' }, { cause: new Error('401: key sk-1234 is not known') })));
  expect(await ask(registry)).toEqual({
    database: { status: 'down', reason: 'It cannot be used; the log of the server says why.' },
    index: { status: 'down', reason: 'no answer within 2000 ms' },
    embedding: { status: 'degraded', reason: 'It does not answer.', failed_at: '2026-11-22T08:00:00.000Z' },
  });
});
