import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { DatabaseConfig } from './database.config.js';
import { DatabaseUnreachableError } from './database.errors.js';
import { connectionOptions } from './pool.js';

/** Oldest server whose features the migrations may use, as `server_version_num` counts. */
const OLDEST_VERSION = 150_000;

/** Refusals that waiting does not cure: wrong password, no such role or database, not allowed. */
const FINAL = new Set(['28P01', '28000', '3D000', '42501']);

/**
 * Returns as soon as the database answers; tries again, ever more slowly, until `startTimeoutMs` is over.
 * @throws DatabaseUnreachableError
 */
export async function waitForDatabase(config: DatabaseConfig): Promise<void> {
  const deadline = Date.now() + config.startTimeoutMs;
  for (let pause = 50; ; pause = Math.min(pause * 2, 2_000)) {
    try {
      return await probe(config);
    } catch (error) {
      const code = (error as { code?: string }).code ?? '';
      if (FINAL.has(code) || error instanceof TypeError || Date.now() + pause > deadline) {
        throw new DatabaseUnreachableError(withoutPassword(config.url), error);
      }
      await sleep(pause);
    }
  }
}

async function probe(config: DatabaseConfig): Promise<void> {
  const client = new pg.Client({ ...connectionOptions(config), connectionTimeoutMillis: 5_000 });
  // A connection that breaks while it is opened reports itself twice; connect() already rejects.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number }>(`SELECT current_setting('server_version_num')::int AS version`);
    if ((rows[0]?.version ?? 0) < OLDEST_VERSION) throw new TypeError('PostgreSQL 15 or newer is needed');
  } finally {
    await client.end().catch(() => undefined);
  }
}

function withoutPassword(url: string): string {
  return url.replace(/^([a-z]+:\/\/[^:@/]*):[^@]*@/, '$1:…@');
}
