import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { DatabaseConfig } from '../../src/platform/database/database.config.js';
import { TENANT_MIGRATIONS } from '../../src/platform/database/migrations/index.js';
import { ChunkVectors1795226000000 } from '../../src/platform/database/migrations/tenant/1795226000000-chunk-vectors.js';
import { createMigrationPool } from '../../src/platform/database/pool.js';
import { openPlatform, type TestPlatform } from '../support/platform.js';

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
