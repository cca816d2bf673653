import { DataSource, type MigrationInterface } from 'typeorm';
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
  /** True when the pool was made for this DataSource alone and ends with it. */
  ownsPool?: boolean;
}

/** A DataSource over a given pool, not yet initialised. The schema is never changed by TypeORM itself, only by migrations. */
export function createDataSource(parts: DataSourceParts): DataSource {
  return new DataSource({
    type: 'postgres',
    driver: sharedPoolDriver(parts.pool, parts.ownsPool),
    schema: parts.schema,
    entities: [...parts.entities],
    migrations: [...(parts.migrations ?? [])],
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsTransactionMode: 'each',
    synchronize: false,
    installExtensions: false,
    logging: false,
  });
}
