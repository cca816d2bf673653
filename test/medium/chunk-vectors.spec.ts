import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ChunkVectorStore } from '../../src/modules/rag/adapters/chunk-vector.store.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { DatabaseConfig } from '../../src/platform/database/database.config.js';
import { TENANT_MIGRATIONS } from '../../src/platform/database/migrations/index.js';
import { ChunkVectors1795226000000 } from '../../src/platform/database/migrations/tenant/1795226000000-chunk-vectors.js';
import { createMigrationPool } from '../../src/platform/database/pool.js';
import { ProcessSlot } from '../../src/platform/storage/process-slot.js';
import type { TenantContext } from '../../src/platform/tenancy/tenant-context.js';
import { openPlatform, type TestPlatform } from '../support/platform.js';
import { scratchDirectory } from '../support/scratch.js';
import { newTenant } from '../support/statistics.js';

describe(ChunkVectors1795226000000.name, () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await openPlatform({ migrated: true });
  });
  afterAll(() => platform.close());

  const query = async (sql: string) => (await platform.database.pool.query<Record<string, unknown>>(sql)).rows;
  const undoFrom = async (migration: { name: string }) => {
    const pool = createMigrationPool(new DatabaseConfig({ url: platform.url }), 'tenant_default', () => undefined);
    const source = await createDataSource({ pool, schema: 'tenant_default', entities: [], migrations: TENANT_MIGRATIONS, onDestroy: () => pool.end() }).initialize();
    const later = TENANT_MIGRATIONS.length - TENANT_MIGRATIONS.findIndex(({ name }) => name === migration.name);
    for (let undone = 0; undone < later; undone += 1) await source.undoLastMigration();
    await source.destroy();
  };

  it('carries vectors along, and searches stay with the embedding that most of them have', async () => {
    await undoFrom(ChunkVectors1795226000000);
    await query(`INSERT INTO tenant_default.collections (id, name) VALUES (gen_random_uuid(), 'c')`);
    await query(`INSERT INTO tenant_default.documents (id, collection_id, title, status) SELECT gen_random_uuid(), id, 'd', 'ready' FROM tenant_default.collections`);
    await query(`INSERT INTO tenant_default.chunks (id, document_id, ordinal, start_offset, end_offset, text, token_count, vector, vector_space)
                 SELECT gen_random_uuid(), d.id, n, 0, 1, 'text ' || n, 7, CASE WHEN n < 9 THEN decode(repeat('0' || n, 4), 'hex') END, CASE WHEN n < 3 THEN 'new@openai/1' WHEN n < 9 THEN 'old@1/1' END
                 FROM tenant_default.documents d, generate_series(0, 9) n`);
    await platform.migrations.migrateTenant('default');
    const stored = () => query(`SELECT ch.text, v.space, encode(v.vector, 'hex') AS vector FROM tenant_default.chunk_vectors v JOIN tenant_default.chunks ch ON ch.key = v.chunk_key WHERE ordinal IN (2, 8, 9) ORDER BY ordinal`);
    const carried = [{ text: 'text 2', space: 'new@openai/1', vector: '02020202' }, { text: 'text 8', space: 'old@1/1', vector: '08080808' }];
    expect(await stored()).toEqual(carried);
    expect(await query('SELECT vector_space FROM tenant_default.index_state')).toEqual([{ vector_space: 'old@1/1' }]);
    expect(await query('SELECT count(*)::int AS n, sum(token_count)::int AS tokens FROM tenant_default.chunks')).toEqual([{ n: 10, tokens: 70 }]);
    await undoFrom(ChunkVectors1795226000000);
    expect(await query(`SELECT count(*)::int AS n FROM tenant_default.chunks WHERE vector_space = 'old@1/1' AND vector IS NOT NULL`)).toEqual([{ n: 6 }]);
    await platform.migrations.migrateTenant('default');
  });
});

describe(ChunkVectorStore.name, () => {
  const space = 'now@1/1';
  let platform: TestPlatform;
  let folder: string;
  let tenant: TenantContext;
  let store: ChunkVectorStore;
  beforeAll(async () => {
    platform = await openPlatform({ migrated: true });
    folder = await mkdtemp(join(scratchDirectory(), 'vectors-'));
    store = new ChunkVectorStore(platform.tenantDatabase, new ProcessSlot({ AI_STACK_DATA_DIR: folder }));
  });
  afterAll(async () => {
    await platform.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    tenant = await newTenant(platform);
    await query(`INSERT INTO ${tenant.schema}.collections (id, name) VALUES (gen_random_uuid(), 'c')`);
    await query(`UPDATE ${tenant.schema}.index_state SET vector_space = '${space}'`);
  });

  const query = (sql: string) => platform.database.pool.query(sql);
  const run = <T>(work: () => Promise<T>): Promise<T> => platform.tenantDatabase.forTenant(tenant, work);
  const log = (document: string, operation: string) => query(`INSERT INTO ${tenant.schema}.index_log (document_key, operation) VALUES (${document}, '${operation}')`);

  /** A document of 100 chunks, with their vectors but for the last `bare` ones; it is found when it is ready. */
  async function addDocument(bare: number, status = 'ready'): Promise<void> {
    await query(`WITH document AS (INSERT INTO ${tenant.schema}.documents (id, collection_id, title, status) SELECT gen_random_uuid(), id, 'd', '${status}' FROM ${tenant.schema}.collections RETURNING id),
                   chunk AS (INSERT INTO ${tenant.schema}.chunks (id, document_id, ordinal, start_offset, end_offset, text, token_count)
                             SELECT gen_random_uuid(), document.id, n, 0, 1, 'text', 7 FROM document, generate_series(1, 100) n RETURNING key, ordinal)
                 INSERT INTO ${tenant.schema}.chunk_vectors (chunk_key, space, vector) SELECT key, '${space}', '\\x00000000' FROM chunk WHERE ordinal <= 100 - ${bare}`);
    if (status === 'ready') await log(`(SELECT max(key) FROM ${tenant.schema}.documents)`, 'put');
  }

  /** Rows of chunks and vectors that this connection has read since it last reported. */
  const readSoFar = async () => {
    const [read] = await platform.tenantDatabase.query<{ rows: number }>(`SELECT sum(seq_tup_read + COALESCE(idx_tup_fetch, 0))::int AS rows FROM pg_stat_xact_user_tables WHERE schemaname = $1 AND relname LIKE 'chunk%'`, [tenant.schema]);
    return read?.rows ?? 0;
  };

  /** Whether the tenant is behind, and how many rows were read to know it. */
  const look = () =>
    run(() =>
      platform.tenantDatabase.transaction(async () => {
        const before = await readSoFar();
        const behind = await store.isBehind(space);
        return { behind, rows: (await readSoFar()) - before };
      }),
    );

  it('looks at no chunk while the log tells of nothing new', async () => {
    await addDocument(0);
    for (let round = 0; round < 2; round += 1) {
      expect((await look()).behind).toBe(false);
      expect(await look()).toEqual({ behind: false, rows: 0 });
      await addDocument(0);
    }
  });

  it('is behind until the chunks of all documents that are found have a vector', async () => {
    await addDocument(0);
    await look();
    await addDocument(100, 'processing');
    expect((await look()).behind).toBe(false);
    await addDocument(3);
    expect([(await look()).behind, (await look()).behind]).toEqual([true, true]);
    expect(await run(() => store.finish(space))).toBe(false);
    const bare = await run(() => store.missing(space, 0, 64));
    expect(bare).toHaveLength(3);
    await run(() => store.add(space, bare, bare.map(() => new Float32Array(1))));
    expect((await look()).behind).toBe(false);
    expect(await run(() => store.finish(space))).toBe(true);
  });

  it.each([
    ['searches have moved to another embedding and back', () => log('0', 'switch')],
    ['rows of the log are gone that it has not seen', () => query(`WITH gone AS (DELETE FROM ${tenant.schema}.index_log RETURNING seq) UPDATE ${tenant.schema}.index_state SET trimmed_through = (SELECT max(seq) FROM gone) + 1`)],
  ])('compares all once more when %s', async (_case, happens) => {
    await addDocument(0);
    await look();
    await query(`DELETE FROM ${tenant.schema}.chunk_vectors WHERE chunk_key = (SELECT min(key) FROM ${tenant.schema}.chunks)`);
    await happens();
    expect((await look()).behind).toBe(true);
  });
});
