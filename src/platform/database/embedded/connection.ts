import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Credentials } from './cluster.js';
import { EmbeddedPostgresError, systemErrorCode, textOf } from './errors.js';
import type { Layout } from './layout.js';
import type { Endpoint } from './postmaster.js';

/** What a PostgreSQL client needs; understood as it is by `pg` and by TypeORM's `postgres` driver. */
export interface EmbeddedPostgresConnection {
  /** Directory of the unix socket, or 127.0.0.1. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

const INVALID_CATALOG = '3D000';
const DUPLICATE_DATABASE = '42P04';
const CANNOT_CONNECT_NOW = '57P03';
const WRONG_PASSWORD = '28P01';
const UNKNOWN_ROLE = '28000';

export function connectionTo(layout: Layout, endpoint: Endpoint, credentials: Credentials, database: string): EmbeddedPostgresConnection {
  return { host: endpoint.kind === 'socket' ? layout.data : '127.0.0.1', port: endpoint.port, ...credentials, database };
}

/** The same as a URL for `pg`, `psql` and other programs built on libpq or pg-connection-string. */
export function urlOf(connection: EmbeddedPostgresConnection): string {
  const { host, port, user, password, database } = connection;
  const who = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  const path = encodeURIComponent(database);
  if (!host.startsWith('/')) return `postgresql://${who}@${host}:${port}/${path}`;
  return `postgresql://${who}@localhost:${port}/${path}?host=${encodeURIComponent(host)}`;
}

/** Proves that the server answers to our password, creating the database when it is not there yet. */
export async function ensureDatabase(connection: EmbeddedPostgresConnection, deadline: number): Promise<void> {
  try {
    await query(connection, 'select 1', deadline);
  } catch (error) {
    if (systemErrorCode(error) !== INVALID_CATALOG) throw connectionError(error);
    await createDatabase(connection, deadline);
  }
}

async function createDatabase(connection: EmbeddedPostgresConnection, deadline: number): Promise<void> {
  try {
    await query({ ...connection, database: 'postgres' }, `create database ${pg.escapeIdentifier(connection.database)}`, deadline);
  } catch (error) {
    if (systemErrorCode(error) !== DUPLICATE_DATABASE) throw connectionError(error);
  }
}

/** One statement on a connection of its own; waits while the server is still starting up. */
async function query(connection: EmbeddedPostgresConnection, statement: string, deadline: number): Promise<void> {
  for (;;) {
    const client = new pg.Client({ ...connection, ssl: false, connectionTimeoutMillis: 10_000, application_name: 'ai-stack-launcher' });
    // A server killed meanwhile ends the connection with an event; the statement's own rejection says the same.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query(statement);
      return;
    } catch (error) {
      if (systemErrorCode(error) !== CANNOT_CONNECT_NOW || Date.now() > deadline) throw error;
      await sleep(20);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

function connectionError(error: unknown): EmbeddedPostgresError {
  const code = systemErrorCode(error);
  if (code === WRONG_PASSWORD || code === UNKNOWN_ROLE) {
    return new EmbeddedPostgresError(
      'credentials-unusable',
      `The embedded database does not accept the stored user and password (${textOf(error)}). Was the password changed by hand, or only a part of the data directory restored? Restore it as a whole.`,
      { cause: error },
    );
  }
  return new EmbeddedPostgresError('start-failed', `The embedded database runs but could not be used: ${textOf(error)}`, { cause: error });
}
