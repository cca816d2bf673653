import type { EntityManager } from 'typeorm';
import type { SchemaSql } from '../tenancy/schema-name.js';

/** A month, as `Date.UTC` counts it. */
interface Month {
  year: number;
  /** 0 to 11. */
  month: number;
}

/** What is partitioned: `table`, by range of the timestamptz column `column`, with the default partition `<table>_default`. */
export interface PartitionedTable {
  table: string;
  column: string;
}

/**
 * Makes the monthly partitions (UTC) of a table from the month of `from` on, `months` of them; those that exist are left alone.
 * Rows that the default partition took meanwhile move to their own. Safe to call from several processes at once and while
 * rows are written; call it in a transaction, at start and once a day.
 *
 * @returns names of the partitions made now
 */
export async function ensureMonthlyPartitions(
  manager: EntityManager,
  sql: SchemaSql,
  target: PartitionedTable,
  from: Date,
  months: number,
): Promise<string[]> {
  if (!manager.queryRunner?.isTransactionActive) throw new TypeError('ensureMonthlyPartitions() belongs into a transaction');
  const wanted = Array.from({ length: months }, (_, i) => ({ year: from.getUTCFullYear(), month: from.getUTCMonth() + i }));
  const missing = await missingOf(manager, sql, target.table, wanted);
  if (missing.length === 0) return [];
  await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`partitions:${sql.schema}`]);
  // Another process may have made them while this one waited.
  const made = await missingOf(manager, sql, target.table, missing);
  for (const month of made) await makePartition(manager, sql, target, month);
  return made.map((month) => partitionName(target.table, month));
}

async function missingOf(manager: EntityManager, sql: SchemaSql, table: string, months: readonly Month[]): Promise<Month[]> {
  const rows: { name: string }[] = await manager.query(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = ANY ($2)`,
    [sql.schema, months.map((month) => partitionName(table, month))],
  );
  const existing = new Set(rows.map((row) => row.name));
  return months.filter((month) => !existing.has(partitionName(table, month)));
}

/**
 * Writers wait for the moment that this takes: one that had chosen the default partition already would fail once its month
 * has another. Readers go on until the default partition is locked for attaching.
 */
async function makePartition(manager: EntityManager, sql: SchemaSql, { table, column }: PartitionedTable, month: Month): Promise<void> {
  const partition = sql.table(partitionName(table, month));
  const fallback = sql.table(`${table}_default`);
  const begin = `'${firstDay(month)}T00:00:00Z'`;
  const end = `'${firstDay({ ...month, month: month.month + 1 })}T00:00:00Z'`;
  await manager.query(`LOCK TABLE ${sql.table(table)} IN SHARE ROW EXCLUSIVE MODE`);
  await manager.query(`CREATE TABLE ${partition} (LIKE ${sql.table(table)} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`);
  await manager.query(
    `WITH moved AS (DELETE FROM ${fallback} WHERE "${column}" >= ${begin} AND "${column}" < ${end} RETURNING *)
     INSERT INTO ${partition} SELECT * FROM moved`,
  );
  await manager.query(`ALTER TABLE ${sql.table(table)} ATTACH PARTITION ${partition} FOR VALUES FROM (${begin}) TO (${end})`);
}

function partitionName(table: string, month: Month): string {
  return `${table}_${firstDay(month).slice(0, 7).replace('-', '_')}`;
}

/** `2026-11-01`; month 12 is January of the next year. */
function firstDay({ year, month }: Month): string {
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
}
