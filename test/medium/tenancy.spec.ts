import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENTITIES } from '../../src/entities.js';
import { Conversation } from '../../src/modules/engine/adapters/entities/conversation.entity.js';
import { Database } from '../../src/platform/database/database.js';
import { DatabaseConfig } from '../../src/platform/database/database.config.js';
import { tenantContext } from '../../src/platform/tenancy/tenant.service.js';
import type { TenantContext } from '../../src/platform/tenancy/tenant-context.js';
import { openLateLine } from '../support/late-line.js';
import { openPlatform, type TestPlatform } from '../support/platform.js';

const conversation = (userId: string): Partial<Conversation> => ({ id: uuidv7(), userId });

describe('tenancy', () => {
  let platform: TestPlatform;
  let red: TenantContext;
  let blue: TenantContext;
  let green: TenantContext;

  beforeAll(async () => {
    platform = await openPlatform({ poolSize: 2, tenantCacheSize: 2 });
    await platform.migrations.migrateAll();
    [red, blue, green] = (await Promise.all(
      ['red', 'blue', 'green'].map(async (slug) => tenantContext(await platform.tenants.provision(slug, slug))),
    )) as [TenantContext, TenantContext, TenantContext];
  });
  afterAll(() => platform.close());

  const usersOf = (tenant: TenantContext): Promise<string[]> =>
    platform.tenantDatabase.forTenant(tenant, async () => {
      const rows = await platform.tenantDatabase.query<{ user_id: string }>((sql) => `SELECT user_id FROM ${sql.table('conversations')}`);
      return rows.map((row) => row.user_id);
    });

  it('puts none of 200 concurrent writes for two tenants on two connections into the wrong one', async () => {
    const { tenantDatabase } = platform;
    const write = (tenant: TenantContext, n: number): Promise<void> =>
      tenantDatabase.forTenant(tenant, async () => {
        const user = `${tenant.slug} ${n}`;
        if (n % 3 === 0) await tenantDatabase.run((manager) => manager.insert(Conversation, conversation(user)));
        else if (n % 3 === 1) await tenantDatabase.transaction((manager) => manager.save(Conversation, conversation(user)));
        else
          await tenantDatabase.query((sql) => `INSERT INTO ${sql.table('conversations')} (id, user_id) VALUES ($1, $2)`, [uuidv7(), user]);
      });
    await Promise.all(Array.from({ length: 200 }, (_, n) => write(n % 2 === 0 ? red : blue, n)));

    for (const tenant of [red, blue]) {
      const users = await usersOf(tenant);
      expect(users).toHaveLength(100);
      expect(users.filter((user) => !user.startsWith(tenant.slug))).toEqual([]);
    }
    expect(platform.database.poolState().size).toBeLessThanOrEqual(2);
  });

  it('refuses every access outside of a tenant', async () => {
    const { tenantDatabase } = platform;
    const refused = expect.objectContaining({ code: 'tenancy.missing' });
    await expect(tenantDatabase.run((manager) => manager.find(Conversation))).rejects.toThrow(refused);
    await expect(tenantDatabase.transaction((manager) => manager.find(Conversation))).rejects.toThrow(refused);
    await expect(tenantDatabase.query('SELECT 1')).rejects.toThrow(refused);
    expect(() => tenantDatabase.sql).toThrow(refused);
    // Statements that name no schema find no tenant's table either, whoever used the connection before.
    await expect(platform.database.control.query('SELECT * FROM conversations')).rejects.toThrow('does not exist');
    await expect(platform.database.control.manager.find(Conversation)).rejects.toThrow('No metadata');
  });

  it('lets the metadata of a tenant leave the cache while the tenant is in use', async () => {
    const { tenantDatabase } = platform;
    await tenantDatabase.forTenant(red, () =>
      tenantDatabase.transaction(async (manager) => {
        await manager.insert(Conversation, conversation('red kept'));
        for (const tenant of [blue, green, blue, green]) {
          await tenantDatabase.forTenant(tenant, () => tenantDatabase.run((other) => other.insert(Conversation, conversation('passing'))));
        }
        await manager.insert(Conversation, conversation('red kept'));
      }),
    );
    expect((await usersOf(red)).filter((user) => user === 'red kept')).toHaveLength(2);
  });

  it('joins nested work to the running transaction, and undoes all of it together', async () => {
    const { tenantDatabase } = platform;
    const outcome = tenantDatabase.forTenant(green, () =>
      tenantDatabase.transaction(async (manager) => {
        await manager.insert(Conversation, conversation('undone'));
        await tenantDatabase.transaction((inner) => inner.insert(Conversation, conversation('undone')));
        const seen = await tenantDatabase.query((sql) => `SELECT 1 FROM ${sql.table('conversations')} WHERE user_id = 'undone'`);
        throw new Error(`saw ${seen.length}`);
      }),
    );
    await expect(outcome).rejects.toThrow('saw 2');
    expect(await usersOf(green)).not.toContain('undone');
  });

  it('does not acknowledge a transaction in which a failure was swallowed', async () => {
    const { tenantDatabase } = platform;
    const aborted = expect.objectContaining({ code: 'database.transaction_aborted' });
    const swallowing = (fail: () => Promise<unknown>): Promise<unknown> =>
      tenantDatabase.forTenant(green, () =>
        tenantDatabase.transaction(async (manager) => {
          await manager.insert(Conversation, conversation('swallowed'));
          await fail().catch(() => undefined);
        }),
      );
    await expect(swallowing(() => tenantDatabase.query('SELECT 1 / 0'))).rejects.toThrow(aborted);
    await expect(swallowing(() => tenantDatabase.transaction(() => Promise.reject(new Error('half done'))))).rejects.toThrow(aborted);
    expect(await usersOf(green)).not.toContain('swallowed');
  });

  it('does not acknowledge it either when the error comes before the state of the transaction', async () => {
    const line = await openLateLine(platform.url);
    const late = await openPlatform({ url: line.url, poolSize: 1 });
    try {
      const swallowing = late.tenantDatabase.forTenant(green, () =>
        late.tenantDatabase.transaction(async (manager) => {
          await manager.insert(Conversation, conversation('swallowed'));
          await late.tenantDatabase.query('SELECT 1 / 0').catch(() => undefined);
        }),
      );
      await expect(swallowing).rejects.toThrow(expect.objectContaining({ code: 'database.transaction_aborted' }));
    } finally {
      await late.close();
      await line.close();
    }
  });

  it('keeps statements that run all the time, each tenant its own, and asks plainly where a pooler loses them', async () => {
    const single = await openPlatform({ url: platform.url, poolSize: 1 });
    try {
      const { tenantDatabase } = single;
      const users = (tenant: TenantContext) =>
        tenantDatabase.forTenant(tenant, () => tenantDatabase.queryPrepared<{ user_id: string }>('users', (sql) => `SELECT user_id FROM ${sql.table('conversations')} WHERE user_id = ANY($1)`, [['kept-blue', 'kept-green']]));
      const kept = () => tenantDatabase.forTenant(blue, () => tenantDatabase.query<{ name: string }>('SELECT name FROM pg_prepared_statements'));
      for (const [tenant, userId] of [[blue, 'kept-blue'], [green, 'kept-green']] as const) await tenantDatabase.forTenant(tenant, () => tenantDatabase.run((manager) => manager.insert(Conversation, conversation(userId))));
      for (let round = 0; round < 2; round++) expect([await users(blue), await users(green)]).toEqual([[{ user_id: 'kept-blue' }], [{ user_id: 'kept-green' }]]);
      expect(await kept()).toHaveLength(2);
      await tenantDatabase.forTenant(blue, () => tenantDatabase.query('DEALLOCATE ALL'));
      expect(await users(blue)).toEqual([{ user_id: 'kept-blue' }]);
      expect(await users(green)).toEqual([{ user_id: 'kept-green' }]);
      expect(await kept()).toEqual([]);
    } finally {
      await single.close();
    }
  });

  it('gives work that outlives its transaction a connection of its own', async () => {
    const { tenantDatabase } = platform;
    let late: Promise<unknown> = Promise.resolve();
    await tenantDatabase.forTenant(green, () =>
      tenantDatabase.transaction(() => {
        late = sleep(30).then(() => tenantDatabase.run((manager) => manager.insert(Conversation, conversation('late'))));
        return Promise.resolve();
      }),
    );
    await late;
    expect(await usersOf(green)).toContain('late');
  });

  it('keeps to the transaction of its own tenant', async () => {
    const { tenantDatabase } = platform;
    await expect(
      tenantDatabase.forTenant(red, () =>
        tenantDatabase.transaction(async () => {
          await tenantDatabase.forTenant(blue, () => tenantDatabase.run((manager) => manager.insert(Conversation, conversation('stays'))));
          throw new Error('red only');
        }),
      ),
    ).rejects.toThrow('red only');
    expect(await usersOf(blue)).toContain('stays');
  });

  /** Until the server is at work on a statement. */
  const underWay = (seenBy: TestPlatform, statement: string) =>
    expect.poll(async () => (await seenBy.database.pool.query(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query = $1`, [statement])).rowCount).toBe(1);

  it('recovers from connections that break, idle or at work', async () => {
    const other = await openPlatform({ url: platform.url, poolSize: 2 });
    const cut = (): Promise<unknown> =>
      other.database.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`);
    try {
      await usersOf(red);
      await cut();
      await expect.poll(() => platform.database.poolState().size).toBe(0);
      expect(await usersOf(red)).toContain('red kept');

      const broken = platform.tenantDatabase.forTenant(red, () =>
        platform.tenantDatabase.transaction(async (manager) => {
          await manager.insert(Conversation, conversation('lost'));
          await manager.query('SELECT pg_sleep(120)');
        }),
      );
      const failed = expect(broken).rejects.toThrow(/terminat/);
      await underWay(other, 'SELECT pg_sleep(120)');
      await cut();
      await failed;
      expect(await usersOf(red)).not.toContain('lost');
    } finally {
      await other.close();
    }
  });

  it('cancels a statement that takes too long and stays usable', async () => {
    const hasty = await openPlatform({ url: platform.url, statementTimeoutMs: 2_000, poolSize: 1 });
    try {
      await expect(hasty.database.control.query('SELECT pg_sleep(60)')).rejects.toThrow('statement timeout');
      expect(await hasty.tenants.bySlug('red')).toMatchObject({ id: red.tenantId });
    } finally {
      await hasty.close();
    }
  });

  it('answers the statements under way when it closes, and refuses later ones', async () => {
    const closing = await openPlatform({ url: platform.url });
    const holder = await platform.database.pool.connect();
    await holder.query('SELECT pg_advisory_lock(42)');
    const last = closing.database.control.query('SELECT 42 AS answer, pg_advisory_lock(42)');
    await underWay(platform, 'SELECT 42 AS answer, pg_advisory_lock(42)');
    const closed = closing.close();
    await holder.query('SELECT pg_advisory_unlock(42)');
    holder.release();
    await closed;
    await expect(last).resolves.toMatchObject([{ answer: 42 }]);
    await expect(closing.database.control.query('SELECT 1')).rejects.toThrow();
  });

  it('knows its tenants', async () => {
    const { tenants } = platform;
    expect((await tenants.listActive()).map((tenant) => tenant.slug)).toEqual(['blue', 'green', 'red']);
    expect((await tenants.provision('red', 'Another name')).id).toBe(red.tenantId);
    expect(await tenants.byId(blue.tenantId)).toMatchObject({ slug: 'blue', status: 'active' });
    await expect(tenants.bySlug('nobody')).rejects.toThrow(expect.objectContaining({ code: 'tenancy.not_found' }));
    await expect(tenants.provision('No Slug', 'x')).rejects.toThrow(expect.objectContaining({ code: 'tenancy.invalid_slug' }));
  });

  it('says at once, and without the password, why it cannot start', async () => {
    const url = new URL(platform.url);
    url.username = 'postgres';
    url.password = 'secret-word';
    url.pathname = '/not_there';
    const started = Date.now();
    const opening = Database.open(new DatabaseConfig({ url: url.href, startTimeoutMs: 120_000 }), ENTITIES);
    await expect(opening).rejects.toThrow(/not_there.*(does not exist|authentication)/s);
    await expect(opening).rejects.not.toThrow(/secret-word/);
    expect(Date.now() - started).toBeLessThan(60_000);

    const nobody = new DatabaseConfig({ url: 'postgres://u@127.0.0.1:1/d', startTimeoutMs: 300 });
    await expect(Database.open(nobody, ENTITIES)).rejects.toThrow(expect.objectContaining({ code: 'database.unreachable' }));
  });
});
