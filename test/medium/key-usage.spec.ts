import { afterAll, beforeAll, expect, it } from 'vitest';
import { AuditLog } from '../../src/platform/audit/audit-log.js';
import { LocalEventBus } from '../../src/platform/events/local-event-bus.js';
import { ApiKeyService } from '../../src/platform/security/api-key.service.js';
import { KeyUsage } from '../../src/platform/security/key-usage.js';
import { openPlatform, type TestPlatform } from '../support/platform.js';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await openPlatform({ migrated: true });
});
afterAll(() => platform.close());

it('writes when keys were last used in one statement, never back in time', async () => {
  const { database, tenants } = platform;
  const { manager } = database.control;
  const [keys, events] = [new ApiKeyService(database, new AuditLog()), new LocalEventBus()];
  const { id: tenantId } = await tenants.bySlug('default');
  const [one, two, idle] = await Promise.all(['one', 'two', 'idle'].map((name) => keys.create(manager, { tenantId, name, permissions: ['search:query'] })));
  const usage = new KeyUsage(database, events);
  usage.onApplicationBootstrap();
  const request = (principalId: string | undefined, at: string) =>
    events.emit('request.completed', { tenant: undefined, requestId: 'r', endpoint: '/', method: 'GET', ip: '', statusCode: 200, durationMs: 1, principalId, cache: undefined, at: Date.parse(at) });
  const lastUses = () => Promise.all([one, two, idle].map(async (made) => (await keys.get(manager, tenantId, made?.key.id ?? '')).lastUsedAt?.toISOString()));

  for (const at of ['2026-11-21T10:00:00.000Z', '2026-11-21T10:00:05.125Z']) request(one?.key.id, at);
  request(two?.key.id, '2026-11-21T10:00:01.000Z');
  request(undefined, '2026-11-21T10:00:02.000Z');
  await usage.flush();
  expect(await lastUses()).toEqual(['2026-11-21T10:00:05.125Z', '2026-11-21T10:00:01.000Z', undefined]);

  // A process whose clock is behind.
  request(one?.key.id, '2026-11-21T09:00:00.000Z');
  await usage.beforeApplicationShutdown();
  expect((await lastUses())[0]).toBe('2026-11-21T10:00:05.125Z');
});
