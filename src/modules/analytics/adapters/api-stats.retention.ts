import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ensureMonthlyPartitions } from '../../../platform/database/partitions.js';
import type { SchemaSql } from '../../../platform/tenancy/schema-name.js';
import { TenantDatabase } from '../../../platform/tenancy/tenant-database.js';
import { minutesEnd } from '../core/stats-window.js';

const TABLE = { table: 'api_stats', column: 'timestamp' };
const PARTITION = /^api_stats_(\d{4})_(\d{2})$/;
/** Rather try again in an hour than let requests wait for a lock behind this. */
const LOCK_TIMEOUT = '2s';

/** Makes and drops the current tenant's partitions. */
@Injectable()
export class ApiStatsRetention {
  constructor(private readonly database: TenantDatabase) {}

  /** Makes the partitions of this month and the next; rows that found none yet move there. */
  async prepare(now: Date): Promise<string[]> {
    return this.database.transaction(async (manager, sql) => {
      await manager.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
      return ensureMonthlyPartitions(manager, sql, TABLE, now, 2);
    });
  }

  /**
   * Drops whole months more than `months` before the current one, with their roll-ups, and minutes that are too old.
   * @returns names of the partitions dropped; none when another process is at it
   */
  async dropOld(now: Date, months: number): Promise<string[]> {
    const cutoff = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1));
    return this.database.transaction(async (manager, sql) => {
      await manager.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
      if (!(await takesTurn(manager, sql))) return [];
      const old = (await partitionsOf(manager, sql)).filter((name) => monthOf(name) < cutoff.getTime());
      for (const name of old) await manager.query(`DROP TABLE ${sql.table(name)}`);
      await manager.query(`DELETE FROM ${sql.table('api_stats_default')} WHERE "timestamp" < $1`, [cutoff]);
      await manager.query(`DELETE FROM ${sql.table('api_stats_rollups')} WHERE at < $1`, [cutoff]);
      const oldest = [minutesEnd('all', now.getTime()), minutesEnd('endpoints', now.getTime())];
      await manager.query(`DELETE FROM ${sql.table('api_stats_minute')} WHERE at < $1 OR (at < $2 AND endpoint <> '')`, oldest);
      return old;
    });
  }
}

async function takesTurn(manager: EntityManager, sql: SchemaSql): Promise<boolean> {
  const rows: { mine: boolean }[] = await manager.query('SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS mine', [`api_stats_retention:${sql.schema}`]);
  return rows[0]?.mine ?? false;
}

async function partitionsOf(manager: EntityManager, sql: SchemaSql): Promise<string[]> {
  const rows: { name: string }[] = await manager.query(
    'SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = $1::regclass',
    [sql.table('api_stats')],
  );
  return rows.map((row) => row.name).filter((name) => PARTITION.test(name));
}

function monthOf(name: string): number {
  const [, year, month] = PARTITION.exec(name) ?? [];
  return Date.UTC(Number(year), Number(month) - 1, 1);
}
