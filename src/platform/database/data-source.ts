import { DataSource, type Logger, type MigrationInterface } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import type pg from 'pg';
import type { EntityClass } from './database-entities.js';
import { sharedPoolDriver } from './shared-pool-driver.js';

/** Table of each schema that lists the migrations applied there. */
export const MIGRATIONS_TABLE = 'migrations';

export interface DataSourceParts {
  pool: pg.Pool;
  /** Schema that the metadata names in every statement. */
  schema: string;
  entities: readonly EntityClass[];
  migrations?: readonly (new () => MigrationInterface)[];
  /** TypeORM's console logger when absent, for the command line. */
  logger?: Logger;
  /** A DataSource on the same server, which spares asking for version and name of the database again. */
  sibling?: DataSource;
  /** What ends with this DataSource, e.g. a pool made for it alone; a shared pool stays when absent. */
  onDestroy?: () => Promise<void>;
}

/** A DataSource over a given pool, not yet initialised. The schema is never changed by TypeORM itself, only by migrations. */
export function createDataSource(parts: DataSourceParts): DataSource {
  const source = new DataSource({
    type: 'postgres',
    driver: sharedPoolDriver(parts.pool, parts.onDestroy),
    schema: parts.schema,
    entities: [...parts.entities],
    migrations: [...(parts.migrations ?? [])],
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsTransactionMode: 'each',
    synchronize: false,
    installExtensions: false,
    logging: false,
    logger: parts.logger,
  });
  if (parts.sibling) {
    const { version, database, searchSchema } = parts.sibling.driver as PostgresDriver;
    Object.assign(source.driver, { version, database, searchSchema });
  }
  return source;
}
