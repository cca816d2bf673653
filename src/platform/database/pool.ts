import pg from 'pg';
import type { DatabaseConfig } from './database.config.js';

const INT8 = pg.types.builtins.INT8;

/** bigint columns and counts arrive as numbers; beyond 2^53 they stay text, so that nothing is rounded unseen. */
function parseInt8(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary' ? parseInt8 : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** Options of one connection, shared by the pool, the migrations and the listeners. */
export function connectionOptions(config: DatabaseConfig): pg.PoolConfig {
  return {
    connectionString: config.url,
    connectionTimeoutMillis: config.connectionTimeoutMs,
    application_name: config.applicationName,
    keepAlive: true,
    types,
  };
}

/**
 * The pool that everything in this process shares.
 * @param onIdleError hears of idle connections that the server dropped; the pool replaces them by itself
 */
export function createPool(config: DatabaseConfig, onIdleError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    ...connectionOptions(config),
    max: config.poolSize,
    idleTimeoutMillis: 60_000,
    statement_timeout: config.statementTimeoutMs,
    // A transaction left open would hold the lock of its tenant's index log.
    idle_in_transaction_session_timeout: 60_000,
  });
  // Without a listener, a dropped idle connection would end the process.
  pool.on('error', onIdleError);
  return pool;
}

/**
 * A pool of one connection with its own search path, for a migration whose SQL names no schema.
 * The connection lives as long as the pool, so an advisory lock taken on it lasts as long as the migration does.
 */
export function createMigrationPool(config: DatabaseConfig, schema: string, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    ...connectionOptions(config),
    application_name: `${config.applicationName} migration`,
    max: 1,
    idleTimeoutMillis: 0,
    statement_timeout: 0,
    // Also bounds the wait for another process that migrates the same schema.
    lock_timeout: 300_000,
    options: schema === 'public' ? '-c search_path=public' : `-c search_path=${schema},public`,
  });
  pool.on('error', onError);
  return pool;
}
