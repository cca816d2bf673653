import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendToIndexLog } from '../../src/platform/database/index-log.js';
import { tenantContext } from '../../src/platform/tenancy/tenant.service.js';
import type { TenantContext } from '../../src/platform/tenancy/tenant-context.js';
import { openPlatform, type TestPlatform } from '../support/platform.js';

const WRITERS = 16;
const TRANSACTIONS = 40;

describe(appendToIndexLog.name, () => {
  let platform: TestPlatform;
  let tenant: TenantContext;

  beforeAll(async () => {
    platform = await openPlatform({ poolSize: WRITERS + 2 });
    await platform.migrations.migrateAll();
    tenant = tenantContext(await platform.tenants.provision('log', 'Log'));
  });
  afterAll(() => platform.close());

  const within = <T>(work: () => Promise<T>): Promise<T> => platform.tenantDatabase.forTenant(tenant, work);

  /** Follows the log as a replica does, until `done` and nothing new is there. */
  async function follow(done: () => boolean): Promise<number[]> {
    const seen: number[] = [];
    for (let last = 0; ; ) {
      const finished = done();
      const rows = await within(() =>
        platform.tenantDatabase.query<{ seq: number }>((sql) => `SELECT seq FROM ${sql.table('index_log')} WHERE seq > $1 ORDER BY seq`, [last]),
      );
      seen.push(...rows.map((row) => row.seq));
      last = seen.at(-1) ?? 0;
      if (finished && rows.length === 0) return seen;
    }
  }

  /** Transactions of random length, some of which fail after they took their number. */
  async function write(writer: number): Promise<number[]> {
    const kept: number[] = [];
    for (let n = 0; n < TRANSACTIONS; n++) {
      const fails = Math.random() < 0.15;
      const work = platform.tenantDatabase.transaction(async (manager) => {
        const changes = Array.from({ length: 1 + (n % 3) }, (_, i) => ({ documentKey: writer * 1000 + n * 3 + i, operation: 'put' as const }));
        const seq = await appendToIndexLog(manager, changes);
        await manager.query('SELECT pg_sleep($1)', [Math.random() * 0.003]);
        if (fails) throw new Error('rolled back');
        return changes.map((_, i) => seq - changes.length + 1 + i);
      });
      kept.push(...(await work.catch(() => [])));
    }
    return kept;
  }

  it(`shows a follower every row of ${WRITERS} concurrent writers, in order`, async () => {
    let running = true;
    const following = follow(() => !running);
    const written = (await Promise.all(Array.from({ length: WRITERS }, (_, writer) => within(() => write(writer))))).flat();
    running = false;
    const seen = await following;

    expect(written.length).toBeGreaterThan(WRITERS * TRANSACTIONS);
    expect(seen).toEqual(written.sort((a, b) => a - b));
  });

  it('numbers changes in the order given and answers the last number', async () => {
    const seq = await within(() =>
      platform.tenantDatabase.transaction((manager) =>
        appendToIndexLog(manager, [
          { documentKey: 9, operation: 'remove' },
          { documentKey: 8, operation: 'put' },
        ]),
      ),
    );
    const rows = await within(() =>
      platform.tenantDatabase.query((sql) => `SELECT seq, document_key, operation FROM ${sql.table('index_log')} ORDER BY seq DESC LIMIT 2`),
    );
    expect(rows).toEqual([
      { seq, document_key: 8, operation: 'put' },
      { seq: seq - 1, document_key: 9, operation: 'remove' },
    ]);
  });

  it('refuses to work where its lock would not last', async () => {
    const change = { documentKey: 1, operation: 'put' as const };
    await expect(within(() => platform.tenantDatabase.run((manager) => appendToIndexLog(manager, [change])))).rejects.toThrow('transaction');
    await expect(platform.database.control.transaction((manager) => appendToIndexLog(manager, [change]))).rejects.toThrow('tenant');
  });
});
