import { type DynamicModule, type FactoryProvider, Global, Module } from '@nestjs/common';
import { DatabaseConfig } from './database.config.js';
import { DatabaseEntities } from './database-entities.js';
import { Database } from './database.js';
import { MigrationRunner } from './migration-runner.js';

/** How the program gives the module its settings and its entities. */
export interface DatabaseModuleOptions extends Pick<FactoryProvider<DatabaseConfig>, 'inject' | 'useFactory'> {
  entities: DatabaseEntities;
  imports?: DynamicModule['imports'];
}

/**
 * The database, open and migrated: whoever is given a `Database` may rely on both.
 * @example DatabaseModule.registerAsync({ entities: ENTITIES, inject: [ENV], useFactory: (env: Env) => new DatabaseConfig({ url: … }) })
 */
@Global()
@Module({})
export class DatabaseModule {
  static registerAsync({ entities, imports, inject, useFactory }: DatabaseModuleOptions): DynamicModule {
    return {
      module: DatabaseModule,
      imports: imports ?? [],
      providers: [
        { provide: DatabaseEntities, useValue: entities },
        { provide: DatabaseConfig, inject: inject ?? [], useFactory },
        { provide: Database, inject: [DatabaseConfig, DatabaseEntities], useFactory: openMigrated },
        { provide: MigrationRunner, inject: [Database], useFactory: (database: Database) => new MigrationRunner(database) },
      ],
      exports: [Database, DatabaseConfig, MigrationRunner],
    };
  }
}

async function openMigrated(config: DatabaseConfig, entities: DatabaseEntities): Promise<Database> {
  const database = await Database.open(config, entities);
  try {
    if (config.migrateOnStart) await new MigrationRunner(database).migrateAll();
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
