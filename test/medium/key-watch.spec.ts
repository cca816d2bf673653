import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuditLog } from '../../src/platform/audit/audit-log.js';
import { ClusterEventBus } from '../../src/platform/events/cluster-event-bus.js';
import { hashApiKey } from '../../src/platform/security/api-key.js';
import { ApiKeyService } from '../../src/platform/security/api-key.service.js';
import type { Identity } from '../../src/platform/security/identity.js';
import { KeyWatch } from '../../src/platform/security/key-watch.js';
import { openPlatform, type TestPlatform } from '../support/platform.js';

describe(KeyWatch.name, () => {
  let platform: TestPlatform;
  let keys: ApiKeyService;
  let bus: ClusterEventBus;
  let watch: KeyWatch;
  let identity: Identity;
  let ended: string[];

  beforeAll(async () => {
    platform = await openPlatform({ migrated: true });
    keys = new ApiKeyService(platform.database, new AuditLog());
  });
  afterAll(() => platform.close());
  beforeEach(async () => {
    // It looks by itself only when time is said to pass.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    bus = new ClusterEventBus(platform.database.config);
    await bus.onModuleInit();
    watch = new KeyWatch(keys, bus);
    watch.onModuleInit();
    const [mine, other] = [await newIdentity('mine'), await newIdentity('other')];
    ended = [];
    watch.watch(mine, () => ended.push('first'));
    watch.watch(mine, () => ended.push('second'));
    watch.watch(other, () => ended.push('other'));
    watch.watch(mine, () => ended.push('closed before'))();
    identity = mine;
  });
  afterEach(async () => {
    watch.onApplicationShutdown();
    await bus.onApplicationShutdown();
    vi.useRealTimers();
  });

  async function newIdentity(name: string): Promise<Identity> {
    const { id: tenantId } = await platform.tenants.bySlug('default');
    const { secret } = await keys.create(platform.database.control.manager, { tenantId, name, permissions: ['search:query'] });
    return (await keys.findByHash(hashApiKey(secret))) as Identity;
  }
  const revoke = () => platform.database.control.transaction(async (within) => keys.revoke(within, await keys.get(within, identity.tenant.tenantId, identity.principal.id)));

  it('ends what is open in the name of a key as soon as it is told that the key has ended', async () => {
    await revoke();
    await expect.poll(() => ended).toEqual(['first', 'second']);
  });

  it('finds out by itself within five seconds when nobody tells it', async () => {
    await bus.onApplicationShutdown();
    await revoke();
    vi.advanceTimersByTime(4_999);
    expect(ended).toEqual([]);
    vi.advanceTimersByTime(1);
    await expect.poll(() => ended).toEqual(['first', 'second']);
  });
});
