import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENTITIES } from '../../src/entities.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { DatabaseConfig } from '../../src/platform/database/database.config.js';
import { MigrationRunner } from '../../src/platform/database/migration-runner.js';
import { SHARED_MIGRATIONS, TENANT_MIGRATIONS } from '../../src/platform/database/migrations/index.js';
import { createMigrationPool } from '../../src/platform/database/pool.js';
import { openPlatform, type TestPlatform } from '../support/platform.js';

class AddNotes1999999999000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE notes (id int PRIMARY KEY)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE notes');
  }
}

/** Fails for the tenant that has a table of this name already, after it has changed something. */
class Conflicting1999999999001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE half_done (id int)');
    await runner.query('CREATE TABLE in_the_way (id int)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE half_done, in_the_way');
  }
}

const uuid = (n: number) => `00000000-0000-7000-8000-00000000000${n}`;

async function tablesOf(platform: TestPlatform, schema: string): Promise<string[]> {
  const { rows } = await platform.database.pool.query<{ tablename: string }>(
    'SELECT tablename FROM pg_tables WHERE schemaname = $1 ORDER BY 1',
    [schema],
  );
  return rows.map((row) => row.tablename);
}

describe('migrations', () => {
  let platform: TestPlatform;

  beforeAll(async () => {
    platform = await openPlatform();
    await platform.migrations.migrateAll();
    await platform.tenants.provision('acme', 'Acme');
    // A second schema with the same names must not confuse the comparison.
    await platform.tenants.provision('another', 'Another');
  });
  afterAll(() => platform.close());

  it('make exactly the schema of the entities: generating again yields nothing', async () => {
    const plans = [
      { schema: 'public', entities: ENTITIES.control },
      { schema: 'tenant_acme', entities: ENTITIES.tenant },
    ];
    for (const plan of plans) {
      const source = await createDataSource({ pool: platform.database.pool, ...plan }).initialize();
      const { upQueries } = await source.driver.createSchemaBuilder().log();
      expect(upQueries.map((query) => query.query)).toEqual([]);
    }
  });

  it('make the tables of the plan with their columns and indexes', async () => {
    const { rows } = await platform.database.pool.query<{ line: string }>(
      `SELECT tablename || ' ' || indexname AS line FROM pg_indexes WHERE schemaname = 'tenant_acme' AND indexname LIKE 'idx_%'`,
    );
    expect(rows.map((row) => row.line)).toEqual(
      expect.arrayContaining([
        'conversations idx_conversations_user',
        'messages idx_messages_conversation',
        'api_stats idx_stats_endpoint',
        'api_stats idx_stats_timestamp',
      ]),
    );
  });

  it('can all be taken back, and applied again', async () => {
    await platform.tenants.provision('undo', 'Undo');
    const before = await tablesOf(platform, 'tenant_undo');
    const pool = createMigrationPool(new DatabaseConfig({ url: platform.url }), 'tenant_undo', () => undefined);
    const source = await createDataSource({
      pool,
      schema: 'tenant_undo',
      entities: [],
      migrations: TENANT_MIGRATIONS,
      onDestroy: () => pool.end(),
    }).initialize();
    for (const _ of TENANT_MIGRATIONS) await source.undoLastMigration();
    await source.destroy();
    expect(await tablesOf(platform, 'tenant_undo')).toEqual(['migrations']);
    await platform.migrations.migrateTenant('undo');
    expect(await tablesOf(platform, 'tenant_undo')).toEqual(before);
  });

  it('carry answers of earlier versions along: messages and judgements get the names of the API, and lose nothing', async () => {
    await platform.tenants.provision('carried', 'Carried');
    const runner = new MigrationRunner(platform.database, SHARED_MIGRATIONS, TENANT_MIGRATIONS);
    const query = async (sql: string, values: unknown[] = []) => (await platform.database.pool.query<Record<string, unknown>>(sql, values)).rows;
    const answer = {
      citations: [{ index: 1, documentId: 'd1', chunkId: 'c1', quote: 'first' }, { index: 2, documentId: 'd2', chunkId: 'c2', quote: 'second' }],
      quality: { score: 1 }, refused: false, memory: { found: 2, missed: 'timeout', tookMs: 1.25 }, tool_runs: [{ name: 'calculator', ok: true, tookMs: 3 }], retrieved: [{ chunk_id: 'c1', doc_id: 'd1', score: 1 }],
    };
    const written = {
      ...answer,
      citations: [{ index: 1, doc_id: 'd1', chunk_id: 'c1', quote: 'first' }, { index: 2, doc_id: 'd2', chunk_id: 'c2', quote: 'second' }],
      memory: { found: 2, missed: 'timeout', took_ms: 1.25 }, tool_runs: [{ name: 'calculator', ok: true, took_ms: 3 }],
    };
    await query(`DELETE FROM tenant_carried.migrations WHERE name = 'AnswerRecords1795225000000'`);
    await query(`INSERT INTO tenant_carried.conversations (id, user_id) VALUES ($1, 'me')`, [uuid(1)]);
    for (const [n, metadata] of [[1, {}], [2, answer], [3, { refused: true, citations: [] }], [4, written]] as const) {
      await query(`INSERT INTO tenant_carried.messages (id, conversation_id, role, content, metadata) VALUES ($1, $2, 'assistant', '', $3)`, [uuid(n), uuid(1), JSON.stringify(metadata)]);
    }
    await query(`INSERT INTO tenant_carried.message_feedback (id, message_id, user_id, rating, context) VALUES ($1, $2, 'me', 'up', $3)`, [uuid(5), uuid(2), JSON.stringify({ question: 'q', ...answer })]);
    await runner.migrateTenant('carried');
    expect(await query('SELECT metadata FROM tenant_carried.messages ORDER BY id')).toEqual([{}, written, { refused: true, citations: [] }, written].map((metadata) => ({ metadata })));
    expect(await query('SELECT context FROM tenant_carried.message_feedback')).toEqual([{ context: { question: 'q', ...written } }]);
  });

  it('of a tenant that was half provisioned are finished by the next start', async () => {
    await platform.database.pool.query(`INSERT INTO public.tenants (id, slug, name) VALUES (gen_random_uuid(), 'half', 'Half')`);
    await platform.database.pool.query('CREATE SCHEMA tenant_half');
    const { migrated } = await platform.migrations.migrateAll();
    expect(migrated).toEqual(['tenant_half']);
    expect(await tablesOf(platform, 'tenant_half')).toEqual(await tablesOf(platform, 'tenant_acme'));
  });

  it('that fail name tenant and migration, undo themselves, and leave the other tenants migrated', async () => {
    const slugs = ['good_a', 'bad', 'good_b'];
    for (const slug of slugs) await platform.tenants.provision(slug, slug);
    await platform.database.pool.query('CREATE TABLE tenant_bad.in_the_way (id int)');
    const runner = new MigrationRunner(platform.database, SHARED_MIGRATIONS, [
      ...TENANT_MIGRATIONS,
      AddNotes1999999999000,
      Conflicting1999999999001,
    ]);

    await expect(runner.migrateAll()).rejects.toThrow(
      /^Migration Conflicting1999999999001 of schema tenant_bad failed: .*"in_the_way" already exists$/,
    );
    expect(await tablesOf(platform, 'tenant_bad')).toEqual(expect.arrayContaining(['notes', 'in_the_way']));
    expect(await tablesOf(platform, 'tenant_bad')).not.toContain('half_done');
    expect(await tablesOf(platform, 'tenant_good_b')).toContain('half_done');

    await platform.database.pool.query('DROP TABLE tenant_bad.in_the_way');
    expect((await runner.migrateAll()).migrated).toEqual(['tenant_bad']);
    const { migrated, upToDate } = await runner.migrateAll();
    expect({ migrated, behind: upToDate - (await platform.tenants.listActive()).length }).toEqual({ migrated: [], behind: 0 });
  });

  it('are what the TypeORM command line works on, for the control plane and for a tenant', async () => {
    const show = (env: Record<string, string>): Promise<{ stdout: string }> =>
      promisify(execFile)(process.execPath, ['node_modules/typeorm/cli.js', 'migration:show', '-d', 'dist/ormconfig.js'], {
        env: { PATH: process.env.PATH, DATABASE_URL: platform.url, ...env },
      });
    const applied = (migrations: readonly { name: string }[]): string => migrations.map(({ name }, i) => `[X] ${i + 1} ${name}\n`).join('');
    expect((await show({})).stdout).toBe(applied(SHARED_MIGRATIONS));
    expect((await show({ AI_STACK_TENANT: 'acme' })).stdout).toBe(applied(TENANT_MIGRATIONS));
    await expect(show({ AI_STACK_TENANT: 'nobody' })).rejects.toThrow('There is no tenant "nobody"');
  });

  it('of two processes that start at once run once', async () => {
    const first = await openPlatform();
    const second = await openPlatform({ url: first.url });
    try {
      await Promise.all([first.migrations.migrateShared(), second.migrations.migrateShared()]);
      await Promise.all([first.tenants.provision('twin', 'Twin'), second.tenants.provision('twin', 'Twin')]);
      const { rows } = await first.database.pool.query<{ name: string }>('SELECT name FROM tenant_twin.migrations ORDER BY id');
      expect(rows.map((row) => row.name)).toEqual(TENANT_MIGRATIONS.map(({ name }) => name));
    } finally {
      await second.close();
      await first.close();
    }
  });
});
