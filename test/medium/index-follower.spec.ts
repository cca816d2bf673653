import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IndexThread } from '#libs/index-thread';
import { ChunkIndexSource } from '../../src/modules/rag/adapters/chunk.index-source.js';
import { IndexLogTrimmer } from '../../src/modules/rag/adapters/index-log-trimmer.js';
import { ReplicaFollower } from '../../src/modules/search/core/replica-follower.js';
import type { IndexService } from '../../src/modules/search/index.service.js';
import { appendToIndexLog } from '../../src/platform/database/index-log.js';
import { TenantRounds } from '../../src/platform/tenancy/tenant-rounds.js';
import { tenantContext } from '../../src/platform/tenancy/tenant.service.js';
import { openPlatform, type TestPlatform } from '../support/platform.js';

const space = { dimensions: 8, vectorSpace: 'none@1/8' };

/** Real tables, real log, real replica; the documents are rows without vectors. */
describe(ReplicaFollower.name, () => {
  let platform: TestPlatform;
  let folder: string;
  const thread = new IndexThread();
  const within = async <T>(work: () => Promise<T>): Promise<T> => platform.tenantDatabase.forTenant(tenantContext(await platform.tenants.bySlug('default')), work);

  beforeAll(async () => {
    platform = await openPlatform({ migrated: true });
    folder = await mkdtemp(join(tmpdir(), 'follower-'));
  });
  afterAll(async () => {
    await thread.close();
    await platform.close();
    await rm(folder, { recursive: true, force: true });
  });

  const source = () => new ChunkIndexSource(platform.tenantDatabase, {} as IndexService);
  const told: unknown[] = [];
  const openFollower = async (name: string) => new ReplicaFollower(await thread.open({ directory: join(folder, name), ...space }), space.vectorSpace, source(), (error) => told.push(error));

  const add = (word: string) =>
    within(() =>
      platform.tenantDatabase.transaction(async (manager, sql) => {
        await manager.query(`INSERT INTO ${sql.table('collections')} (id, name) VALUES (gen_random_uuid(), 'default') ON CONFLICT DO NOTHING`);
        const [document] = await platform.tenantDatabase.query<{ id: string; key: number }>(
          `INSERT INTO ${sql.table('documents')} (id, collection_id, title, status, chunk_count) SELECT gen_random_uuid(), id, $1, 'ready', 1 FROM ${sql.table('collections')} RETURNING id, key`,
          [word],
        );
        await manager.query(
          `INSERT INTO ${sql.table('chunks')} (id, document_id, ordinal, start_offset, end_offset, text, token_count, tokens) VALUES (gen_random_uuid(), $1, 0, 0, 1, $2, 1, $3)`,
          [document?.id, word, `'${word}':1`],
        );
        return appendToIndexLog(manager, [{ documentKey: document?.key ?? 0, operation: 'put' }]);
      }),
    );

  const remove = (word: string) =>
    within(() =>
      platform.tenantDatabase.transaction(async (manager, sql) => {
        const [gone] = await platform.tenantDatabase.query<{ key: number }>(`DELETE FROM ${sql.table('documents')} WHERE title = $1 RETURNING key`, [word]);
        return appendToIndexLog(manager, [{ documentKey: gone?.key ?? 0, operation: 'remove' }]);
      }),
    );

  const finds = async (follower: ReplicaFollower, ...words: string[]) => Promise.all(words.map(async (word) => (await follower.replica.search({ terms: [word], limit: 5 })).hits.length));

  it('applies puts and removals in the order of the log, for many waiters at once', async () => {
    const follower = await openFollower('order');
    const seqs = await Promise.all(['alder', 'birch', 'cedar'].map(add));
    await within(() => Promise.all(seqs.map((seq) => follower.catchUp(seq))).then(() => undefined));
    expect(await finds(follower, 'alder', 'birch', 'cedar')).toEqual([1, 1, 1]);
    const seq = await remove('birch');
    await within(() => follower.catchUp(seq));
    expect(await finds(follower, 'alder', 'birch', 'cedar')).toEqual([1, 0, 1]);
    await follower.close();
  });

  it('refuses a seq that the log does not have, and harms no other waiter', async () => {
    const follower = await openFollower('ahead');
    const seq = await add('ebony');
    const [ahead, real] = await within(() => Promise.allSettled([follower.reach(seq + 1000), follower.catchUp(seq)]));
    expect(ahead).toMatchObject({ status: 'rejected', reason: { code: 'search.seq_ahead' } });
    expect(real.status).toBe('fulfilled');
    expect(await finds(follower, 'ebony')).toEqual([1]);
    await follower.close();
  });

  it('reads the tables again when the log it missed was trimmed', async () => {
    const follower = await openFollower('trimmed');
    await within(() => follower.catchUp());
    expect(await finds(follower, 'alder')).toEqual([1]);
    await remove('alder');
    for (const word of ['fir', 'gum', 'holly', 'ivy']) await add(word);
    const trimmer = new IndexLogTrimmer(new TenantRounds(platform.tenants, platform.tenantDatabase), platform.tenantDatabase);
    await within(() => trimmer.trim(2));
    const left = await within(() => platform.tenantDatabase.query((sql) => `SELECT seq FROM ${sql.table('index_log')}`));
    expect(left).toHaveLength(2);
    await within(() => follower.catchUp());
    expect(await finds(follower, 'alder', 'cedar', 'fir', 'gum', 'holly', 'ivy')).toEqual([0, 1, 1, 1, 1, 1]);
    await follower.close();
  });

  it('takes a document of very many chunks in steps, never all of them at once', async () => {
    const { key, seq } = await within(() =>
      platform.tenantDatabase.transaction(async (manager, sql) => {
        const [document] = await platform.tenantDatabase.query<{ id: string; key: number }>(
          `INSERT INTO ${sql.table('documents')} (id, collection_id, title, status, chunk_count) SELECT gen_random_uuid(), id, 'large', 'ready', 1200 FROM ${sql.table('collections')} RETURNING id, key`,
        );
        await manager.query(
          `INSERT INTO ${sql.table('chunks')} (id, document_id, ordinal, start_offset, end_offset, text, token_count, tokens)
           SELECT gen_random_uuid(), $1, n, 0, 1, '', 1, array_to_tsvector(ARRAY['large', 'word' || n]) FROM generate_series(0, 1199) n`,
          [document?.id],
        );
        const documentKey = document?.key ?? 0;
        return { key: documentKey, seq: await appendToIndexLog(manager, [{ documentKey, operation: 'put' }]) };
      }),
    );
    await within(async () => {
      for await (const { chunks } of source().load([key], space.vectorSpace)) expect(Array.isArray(chunks)).toBe(false);
    });
    const follower = await openFollower('large');
    await within(() => follower.catchUp(seq));
    expect((await follower.replica.search({ terms: ['large'], limit: 2_000 })).hits).toHaveLength(1_200);
    expect(await finds(follower, 'word0', 'word499', 'word500', 'word1199')).toEqual([1, 1, 1, 1]);
    await follower.close();
  });

  describe('when the database was set back to an earlier state', () => {
    const start = async (name: string) => {
      for (const word of ['one', 'two', 'three', 'four', 'five']) await add(`${name}${word}`);
      const follower = await openFollower(name);
      await within(() => follower.catchUp());
      told.length = 0;
      return follower;
    };

    /** As if restored from a backup made before the last `count` documents: their rows are gone, and their numbers are given again. */
    const setBack = (count: number) =>
      within(() =>
        platform.tenantDatabase.transaction(async (manager, sql) => {
          await manager.query(`DELETE FROM ${sql.table('index_log')} WHERE seq > (SELECT max(seq) - $1 FROM ${sql.table('index_log')})`, [count]);
          await manager.query(`DELETE FROM ${sql.table('documents')} WHERE key IN (SELECT key FROM ${sql.table('documents')} ORDER BY key DESC LIMIT $1)`, [count]);
          for (const [table, column] of [['index_log', 'seq'], ['documents', 'key'], ['chunks', 'key']] as const) {
            await manager.query(`SELECT setval(pg_get_serial_sequence($1, $2), (SELECT max(${column}) FROM ${sql.table(table)}))`, [sql.table(table), column]);
          }
        }),
      );

    const messages = () => told.map((error) => (error as Error).message);

    // Fewer new changes than were lost, as many, and more: then nothing but the rows themselves tells.
    it.each([2, 3, 4])('and %d documents were added, a snapshot of the lost state is not believed', async (added) => {
      const name = `back${added}`;
      await (await start(name)).close();
      await setBack(3);
      const words = ['six', 'seven', 'eight', 'nine'].slice(0, added).map((word) => `${name}${word}`);
      for (const word of words) await add(word);
      const follower = await openFollower(name);
      await within(() => follower.catchUp());
      expect(await finds(follower, ...['one', 'two', 'three', 'four', 'five'].map((word) => `${name}${word}`))).toEqual([1, 1, 0, 0, 0]);
      expect(await finds(follower, ...words)).toEqual(words.map(() => 1));
      expect(messages()).toEqual([expect.stringContaining('it is another one')]);
      // What it has now is a state of this log: it goes on, here and after a restart.
      await within(async () => follower.catchUp(await add(`${name}later`)));
      await follower.close();
      const again = await openFollower(name);
      expect(await finds(again, `${name}later`)).toEqual([1]);
      await within(() => again.catchUp());
      expect(told).toHaveLength(1);
      await again.close();
    });

    it('while the replica is open, it follows the log that is there when it looks again', async () => {
      const follower = await start('live');
      await setBack(3);
      await add('livesix');
      await within(() => follower.catchUp());
      expect(await finds(follower, 'liveone', 'livethree', 'livefive', 'livesix')).toEqual([1, 0, 0, 1]);
      expect(messages()).toEqual([expect.stringContaining('it is another one')]);
      await follower.close();
    });
  });
});
