import { ENTITIES } from '../../src/entities.js';
import { Database } from '../../src/platform/database/database.js';
import { DatabaseConfig, type DatabaseSettings } from '../../src/platform/database/database.config.js';
import type { DatabaseEntities } from '../../src/platform/database/database-entities.js';
import { MigrationRunner } from '../../src/platform/database/migration-runner.js';
import { TenantDatabase } from '../../src/platform/tenancy/tenant-database.js';
import { TenantService } from '../../src/platform/tenancy/tenant.service.js';
import { createDatabase, type DatabaseTemplate } from './database.js';

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
  /** Starts from a database with all migrations and the tenant `default`, copied in 30 ms; empty otherwise. */
  migrated?: boolean;
  /** An existing database, for a second process on it; it is not dropped by close(). */
  url?: string;
}

/** All migrations and the tenant `default`. */
export const MIGRATED: DatabaseTemplate = {
  name: 'migrated',
  prepare: async (url) => {
    const platform = await openPlatform({ url });
    await platform.migrations.migrateAll();
    await platform.tenants.provision('default', 'Default');
    await platform.close();
  },
};

export async function openPlatform({ entities = ENTITIES, migrated, ...settings }: TestPlatformOptions = {}): Promise<TestPlatform> {
  const own = settings.url === undefined ? await createDatabase(migrated ? MIGRATED : undefined) : undefined;
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
