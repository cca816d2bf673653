import { Injectable, Logger } from '@nestjs/common';
import type pg from 'pg';
import { quoteSchema, schemaOf } from '../tenancy/schema-name.js';
import { createDataSource } from './data-source.js';
import { Database } from './database.js';
import { MigrationFailedError, MigrationsFailedError } from './database.errors.js';
import { appliedMigrations, schemasBehind } from './pending-migrations.js';
import { SHARED_MIGRATIONS, TENANT_MIGRATIONS, type MigrationClass } from './migrations/index.js';
import { createMigrationPool } from './pool.js';
import { SilentLogger } from './silent.logger.js';

/** Tenants migrated at the same time, each on a connection of its own. */
const PARALLEL = 4;

/** What a migration of everything did. */
export interface MigrationReport {
  /** Schemas that were behind and are up to date now. */
  migrated: string[];
  /** Tenants that were up to date already. */
  upToDate: number;
}

/**
 * Brings schemas up to date. Each schema is migrated under an advisory lock on the connection that migrates it, so
 * processes that start at once share the work instead of doing it twice; each migration has its own transaction, so after
 * a failure or a kill the next run goes on where the last one stood.
 */
@Injectable()
export class MigrationRunner {
  private readonly logger = new Logger(MigrationRunner.name);

  constructor(
    private readonly database: Database,
    private readonly shared: readonly MigrationClass[] = SHARED_MIGRATIONS,
    private readonly tenant: readonly MigrationClass[] = TENANT_MIGRATIONS,
  ) {}

  /** The control plane. @throws MigrationFailedError */
  async migrateShared(): Promise<void> {
    const pending = await schemasBehind(this.database.pool, ['public'], this.shared);
    if (pending.length > 0) await this.migrateSchema('public', this.shared);
  }

  /** One tenant, whose schema is made if need be. @throws MigrationFailedError */
  async migrateTenant(slug: string): Promise<void> {
    await this.migrateSchema(schemaOf(slug), this.tenant);
  }

  /**
   * The control plane, then all tenants; those that are up to date cost one query together.
   * @throws MigrationsFailedError naming each tenant that failed, after all the others were migrated
   */
  async migrateAll(): Promise<MigrationReport> {
    await this.migrateShared();
    const { rows } = await this.database.pool.query<{ slug: string }>(`SELECT slug FROM public.tenants WHERE status <> 'deleting' ORDER BY slug`);
    const pending = await schemasBehind(this.database.pool, rows.map((row) => schemaOf(row.slug)), this.tenant);
    const migrated = await this.migrateSchemas(pending);
    return { migrated, upToDate: rows.length - pending.length };
  }

  private async migrateSchemas(schemas: readonly string[]): Promise<string[]> {
    const queue = [...schemas];
    const migrated: string[] = [];
    const failures: Error[] = [];
    const work = async (): Promise<void> => {
      for (let schema = queue.shift(); schema !== undefined; schema = queue.shift()) {
        try {
          await this.migrateSchema(schema, this.tenant);
          migrated.push(schema);
        } catch (error) {
          failures.push(error as Error);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(PARALLEL, schemas.length) }, work));
    if (failures.length > 0) throw new MigrationsFailedError(failures);
    return migrated.sort();
  }

  private async migrateSchema(schema: string, migrations: readonly MigrationClass[]): Promise<void> {
    const pool = createMigrationPool(this.database.config, schema, (error) =>
      this.logger.warn(`The connection that migrates ${schema} was lost: ${error.message}`),
    );
    try {
      await lockSchema(pool, schema);
      const source = createDataSource({ pool, schema, entities: [], migrations, logger: new SilentLogger() });
      await source.initialize();
      const done = await source.runMigrations();
      for (const migration of done) this.logger.log(`${schema}: ${migration.name} applied`);
    } catch (error) {
      throw new MigrationFailedError(schema, await this.firstPending(schema, migrations), error);
    } finally {
      await pool.end();
    }
  }

  /** Migrations run in order, each in its transaction: the first that is not there is the one that failed. */
  private async firstPending(schema: string, migrations: readonly MigrationClass[]): Promise<string> {
    const applied = await appliedMigrations(this.database.pool, [schema]).catch(() => new Map<string, Set<string>>());
    return migrations.find(({ name }) => !applied.get(schema)?.has(name))?.name ?? '(none)';
  }
}

/** Takes the schema's lock until the pool ends: with one connection that never idles out, the session is the pool's life. */
async function lockSchema(pool: pg.Pool, schema: string): Promise<void> {
  await pool.query(`SELECT pg_advisory_lock(hashtextextended($1, 0))`, [`migrate:${schema}`]);
  await pool.query(`CREATE SCHEMA IF NOT EXISTS ${quoteSchema(schema)}`);
}
