import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { sharedPoolDriver } from './shared-pool-driver.js';

const TESTED_VERSION = '1.1.1';
const require = createRequire(import.meta.url);
const rows = [{ version: 'PostgreSQL 16.1 on x', server_version: '16.1', current_database: 'd', current_schema: 's' }];

/** A pool that answers every statement with the same row and counts what is borrowed and given back. */
function answeringPool() {
  const state = { borrowed: 0, returned: 0, ended: 0 };
  const client = { query: () => Promise.resolve({ rows, command: 'SELECT' }), on: () => client, removeListener: () => client };
  const pool = {
    connect(callback: (error: undefined, client: unknown, release: () => void) => void) {
      state.borrowed += 1;
      callback(undefined, client, () => (state.returned += 1));
    },
    end: () => Promise.resolve(void (state.ended += 1)),
  };
  return { pool: pool as unknown as pg.Pool, state };
}

async function openAndDestroy(driver: object): Promise<void> {
  const source = await new DataSource({ type: 'postgres', driver, schema: 'tenant_a', installExtensions: false }).initialize();
  await source.query('SELECT 1');
  await source.destroy();
}

describe(sharedPoolDriver.name, () => {
  it(`stands on TypeORM ${TESTED_VERSION}, pinned: read PostgresDriver.createPool, obtainMasterConnection and closePool before changing it`, () => {
    const installed = JSON.parse(readFileSync(join(dirname(require.resolve('typeorm')), 'package.json'), 'utf8')) as { version: string };
    const declared = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> };
    expect([installed.version, declared.dependencies.typeorm]).toEqual([TESTED_VERSION, TESTED_VERSION]);
  });

  it('offers all that TypeORM asks of a pool', async () => {
    const asked = new Set<string | symbol>();
    const { Pool } = sharedPoolDriver(answeringPool().pool);
    const watched = class {
      constructor() {
        return new Proxy(new Pool(), {
          get(target, name, receiver) {
            // Every object that a promise resolves to is asked for `then`.
            if (name !== 'then') asked.add(name);
            return Reflect.get(target, name, receiver) as unknown;
          },
        });
      }
    };
    await openAndDestroy({ Pool: watched });
    expect([...asked].sort()).toEqual(['connect', 'end', 'on']);
  });

  it('gives every connection back and leaves the shared pool open', async () => {
    const { pool, state } = answeringPool();
    await openAndDestroy(sharedPoolDriver(pool));
    expect(state.borrowed).toBeGreaterThan(0);
    expect(state).toMatchObject({ returned: state.borrowed, ended: 0 });
  });

  it('ends a pool that belongs to the one DataSource', async () => {
    const { pool, state } = answeringPool();
    await openAndDestroy(sharedPoolDriver(pool, () => pool.end()));
    expect(state.ended).toBe(1);
  });
});
