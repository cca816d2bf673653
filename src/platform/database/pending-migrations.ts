import type pg from 'pg';
import { SchemaSql } from '../tenancy/schema-name.js';
import { MIGRATIONS_TABLE } from './data-source.js';
import type { MigrationClass } from './migrations/index.js';

/** Schemas looked at by one statement: keeps its text and plan small. */
const BATCH = 250;

/** Which of `schemas` lack at least one of `migrations`; two queries for every 250 schemas. */
export async function schemasBehind(
  pool: pg.Pool,
  schemas: readonly string[],
  migrations: readonly MigrationClass[],
): Promise<string[]> {
  const behind: string[] = [];
  for (let from = 0; from < schemas.length; from += BATCH) {
    const batch = schemas.slice(from, from + BATCH);
    const applied = await appliedMigrations(pool, batch);
    behind.push(...batch.filter((schema) => migrations.some(({ name }) => !applied.get(schema)?.has(name))));
  }
  return behind;
}

/** Names of the migrations applied in each of `schemas`; schemas that were never migrated are absent. */
export async function appliedMigrations(pool: pg.Pool, schemas: readonly string[]): Promise<Map<string, Set<string>>> {
  const known = await pool.query<{ schema: string }>(
    `SELECT n.nspname AS schema FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relname = $1 AND c.relkind = 'r' AND n.nspname = ANY ($2)`,
    [MIGRATIONS_TABLE, schemas],
  );
  const applied = new Map<string, Set<string>>();
  if (known.rows.length === 0) return applied;
  const union = known.rows
    .map(({ schema }) => `SELECT '${schema}' AS schema, name FROM ${new SchemaSql(schema).table(MIGRATIONS_TABLE)}`)
    .join(' UNION ALL ');
  const { rows } = await pool.query<{ schema: string; name: string }>(union);
  for (const { schema, name } of rows) {
    applied.set(schema, (applied.get(schema) ?? new Set()).add(name));
  }
  return applied;
}
