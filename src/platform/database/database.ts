import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type pg from 'pg';
import type { DataSource } from 'typeorm';
import { schemaOf } from '../tenancy/schema-name.js';
import { createDataSource } from './data-source.js';
import { DatabaseConfig } from './database.config.js';
import { DatabaseEntities, type EntityClass } from './database-entities.js';
import { createPool } from './pool.js';
import { SilentLogger } from './silent.logger.js';
import { waitForDatabase } from './wait-for-database.js';

/** How long close() waits for statements under way before it leaves them to the server. */
const DRAIN_MS = 10_000;

/** What the pool does at the moment. */
export interface PoolState {
  size: number;
  idle: number;
  waiting: number;
  max: number;
}

/**
 * The connections of this process: one pool, shared by the control plane's DataSource and by a light DataSource per tenant
 * whose metadata names that tenant's schema.
 */
@Injectable()
export class Database implements OnApplicationShutdown {
  private readonly logger = new Logger(Database.name);
  /**
   * Leaving the cache only drops the reference: a tenant's DataSource owns no connection, and `destroy()` would
   * release the connections of work that still uses it.
   */
  private readonly tenants: LRUCache<string, DataSource>;
  private readonly opening = new Map<string, Promise<DataSource>>();
  private closing: Promise<void> | undefined;
  private controlSource: DataSource | undefined;

  private constructor(
    readonly config: DatabaseConfig,
    readonly entities: DatabaseEntities,
    /** The shared pool, for statements that belong to no entity. */
    readonly pool: pg.Pool,
  ) {
    this.tenants = new LRUCache({ max: config.tenantCacheSize });
  }

  /**
   * Waits until the database answers, at most `startTimeoutMs`.
   * @throws DatabaseUnreachableError
   */
  static async open(config: DatabaseConfig, entities: DatabaseEntities): Promise<Database> {
    await waitForDatabase(config);
    const logger = new Logger(Database.name);
    const pool = createPool(config, (error) => logger.warn(`A database connection was lost and is replaced: ${error.message}`));
    const database = new Database(config, entities, pool);
    try {
      database.controlSource = await database.connect('public', entities.control);
    } catch (error) {
      await pool.end();
      throw error;
    }
    return database;
  }

  /** The control plane: tenants, keys and all that stands above a tenant (schema `public`). */
  get control(): DataSource {
    if (!this.controlSource) throw new TypeError('The database is not open yet');
    return this.controlSource;
  }

  /**
   * The DataSource of a tenant, made at first use (about 6 ms). Adapters do not call this: they use TenantDatabase.
   * @throws InvalidSlugError
   */
  async tenant(slug: string): Promise<DataSource> {
    const known = this.knownTenant(slug) ?? this.opening.get(slug);
    if (known) return known;
    const opening = this.connect(schemaOf(slug), this.entities.tenant).finally(() => this.opening.delete(slug));
    this.opening.set(slug, opening);
    const source = await opening;
    this.tenants.set(slug, source);
    return source;
  }

  /** The same without waiting, when it is in memory. */
  knownTenant(slug: string): DataSource | undefined {
    return this.tenants.get(slug);
  }

  poolState(): PoolState {
    return {
      size: this.pool.totalCount,
      idle: this.pool.idleCount,
      waiting: this.pool.waitingCount,
      max: this.config.poolSize,
    };
  }

  /** Ends the pool once the statements under way are answered, after ten seconds in any case. Further work is refused. */
  close(): Promise<void> {
    this.closing ??= this.drain();
    return this.closing;
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  private async drain(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        this.logger.warn(`Closed with ${this.pool.totalCount - this.pool.idleCount} database connections still at work`);
        resolve();
      }, DRAIN_MS);
    });
    await Promise.race([this.pool.end(), late]);
    clearTimeout(timer);
    this.tenants.clear();
  }

  private async connect(schema: string, entities: readonly EntityClass[]): Promise<DataSource> {
    return createDataSource({
      pool: this.pool,
      schema,
      entities,
      logger: new SilentLogger(),
      sibling: this.controlSource,
    }).initialize();
  }
}
