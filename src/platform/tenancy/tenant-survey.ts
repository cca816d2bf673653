import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { SchemaSql } from './schema-name.js';
import type { TenantContext } from './tenant-context.js';
import { TenantService, tenantContext } from './tenant.service.js';

/** Schemas looked at by one statement: keeps its text, plan and locks small. */
const batch = 250;
const undefinedTable = '42P01';

/** Finds the tenants that have work waiting, without a query a tenant. It learns whether, never what. */
@Injectable()
export class TenantSurvey {
  constructor(
    private readonly tenants: TenantService,
    private readonly database: Database,
  ) {}

  /**
   * Active tenants for which a row is there. A tenant without the table yet is left out.
   * @param rows FROM and WHERE, e.g. `${sql.table('jobs')} WHERE run_after <= $1`
   * @param parameters the same for all tenants
   */
  async having(rows: (sql: SchemaSql) => string, parameters: readonly unknown[] = []): Promise<TenantContext[]> {
    const tenants = (await this.tenants.listActive()).map(tenantContext);
    const found: TenantContext[] = [];
    for (let from = 0; from < tenants.length; from += batch) found.push(...(await this.look(tenants.slice(from, from + batch), rows, parameters)));
    return found;
  }

  private async look(tenants: readonly TenantContext[], rows: (sql: SchemaSql) => string, parameters: readonly unknown[]): Promise<TenantContext[]> {
    const parts = tenants.map(({ schema }, at) => `(SELECT ${at} AS tenant FROM ${rows(new SchemaSql(schema))} LIMIT 1)`);
    try {
      const found = await this.database.pool.query<{ tenant: number }>(parts.join(' UNION ALL '), [...parameters]);
      return found.rows.flatMap(({ tenant }) => tenants[tenant] ?? []);
    } catch (error) {
      if ((error as { code?: string }).code !== undefinedTable) throw error;
      if (tenants.length === 1) return [];
      const half = Math.ceil(tenants.length / 2);
      // One of them is being made (or removed): find it by halving.
      return [...(await this.look(tenants.slice(0, half), rows, parameters)), ...(await this.look(tenants.slice(half), rows, parameters))];
    }
  }
}
