import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { ENTITIES } from '../../src/entities.js';
import { Database } from '../../src/platform/database/database.js';
import { DatabaseConfig, type DatabaseSettings } from '../../src/platform/database/database.config.js';
import type { DatabaseEntities } from '../../src/platform/database/database-entities.js';
import { MigrationRunner } from '../../src/platform/database/migration-runner.js';
import { TenantDatabase } from '../../src/platform/tenancy/tenant-database.js';
import { TenantService } from '../../src/platform/tenancy/tenant.service.js';

async function createDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const admin = process.env.TEST_PG ?? 'postgres://postgres@127.0.0.1:5498/postgres';
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  const run = async (sql: string): Promise<void> => {
    const client = new pg.Client(admin);
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await run(`CREATE DATABASE ${name}`);
  return { url: admin.replace(/postgres$/, name), drop: () => run(`DROP DATABASE ${name} WITH (FORCE)`) };
}

/** The platform's database services over a database of their own, as a process would have them. */
export interface TestPlatform {
  url: string;
  database: Database;
  migrations: MigrationRunner;
  tenants: TenantService;
  tenantDatabase: TenantDatabase;
  close(): Promise<void>;
}

export interface TestPlatformOptions extends Omit<DatabaseSettings, 'url'> {
  entities?: DatabaseEntities;
  /** An existing database, for a second process on it; it is not dropped by close(). */
  url?: string;
}

export async function openPlatform({ entities = ENTITIES, ...settings }: TestPlatformOptions = {}): Promise<TestPlatform> {
  const own = settings.url === undefined ? await createDatabase() : undefined;
  const url = own?.url ?? settings.url ?? '';
  const database = await Database.open(new DatabaseConfig({ ...settings, url }), entities);
  const migrations = new MigrationRunner(database);
  return {
    url,
    database,
    migrations,
    tenants: new TenantService(database, migrations),
    tenantDatabase: new TenantDatabase(database),
    close: async () => {
      await database.close();
      await own?.drop();
    },
  };
}
