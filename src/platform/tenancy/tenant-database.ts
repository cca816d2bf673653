import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager, ObjectLiteral } from 'typeorm';
import { Database } from '../database/database.js';
import { SchemaSql } from './schema-name.js';
import { currentContext, requireTenant, runWithContext, type TenantContext } from './tenant-context.js';

/** Work with a tenant's tables; `sql` names them for raw statements. */
export type TenantWork<T> = (manager: EntityManager, sql: SchemaSql) => Promise<T>;

interface OpenTransaction {
  tenantId: string;
  manager: EntityManager;
  /** False once it has ended: work that outlives it must not use its connection, which serves others by then. */
  open: boolean;
}

/**
 * The only way to a tenant's tables. The tenant is that of the running request or job; without one every method refuses
 * with `tenancy.missing`.
 *
 * Inside of transaction(), all methods called from the work (and from what it awaits) join that transaction. Await them
 * one after the other: a transaction has one connection.
 *
 * @example
 * await database.transaction(async (manager, sql) => {
 *   await manager.insert(Document, document);
 *   await manager.query(`DELETE FROM ${sql.table('chunks')} WHERE document_id = $1`, [document.id]);
 * });
 */
@Injectable()
export class TenantDatabase {
  private readonly transactions = new AsyncLocalStorage<OpenTransaction>();

  constructor(private readonly database: Database) {}

  /** Names the current tenant's tables for raw SQL. */
  get sql(): SchemaSql {
    return new SchemaSql(requireTenant().schema);
  }

  /** Runs work without a transaction of its own: each statement takes a free connection of the pool. */
  async run<T>(work: TenantWork<T>): Promise<T> {
    const tenant = requireTenant();
    return work(await this.manager(tenant), new SchemaSql(tenant.schema));
  }

  /** Runs work in one transaction: committed when it resolves, rolled back when it throws. Joins one that is open already. */
  async transaction<T>(work: TenantWork<T>): Promise<T> {
    const tenant = requireTenant();
    const sql = new SchemaSql(tenant.schema);
    const joined = this.joined(tenant);
    if (joined) return work(joined, sql);
    const source = await this.database.tenant(tenant.slug);
    return source.transaction(async (manager) => {
      const transaction: OpenTransaction = { tenantId: tenant.tenantId, manager, open: true };
      try {
        return await this.transactions.run(transaction, () => work(manager, sql));
      } finally {
        transaction.open = false;
      }
    });
  }

  /**
   * One raw statement; tables are named through `sql`. Rows of a SELECT or of RETURNING; bigint as numbers.
   * @example database.query<{ n: number }>((sql) => `SELECT count(*) AS n FROM ${sql.table('chunks')}`)
   */
  async query<Row extends ObjectLiteral = ObjectLiteral>(
    statement: string | ((sql: SchemaSql) => string),
    parameters: readonly unknown[] = [],
  ): Promise<Row[]> {
    return this.run(async (manager, sql) => {
      const text = typeof statement === 'string' ? statement : statement(sql);
      const runner = manager.queryRunner ?? manager.dataSource.createQueryRunner();
      try {
        const result = await runner.query(text, [...parameters], true);
        return result.records as Row[];
      } finally {
        if (runner !== manager.queryRunner) await runner.release();
      }
    });
  }

  /** Runs background work on behalf of a tenant; the request id of the starter, if any, is kept. */
  async forTenant<T>(tenant: TenantContext, work: () => Promise<T>): Promise<T> {
    const requestId = currentContext()?.requestId ?? randomUUID();
    return runWithContext({ requestId, tenant }, work);
  }

  private async manager(tenant: TenantContext): Promise<EntityManager> {
    return this.joined(tenant) ?? (await this.database.tenant(tenant.slug)).manager;
  }

  private joined(tenant: TenantContext): EntityManager | undefined {
    const transaction = this.transactions.getStore();
    return transaction?.open && transaction.tenantId === tenant.tenantId ? transaction.manager : undefined;
  }
}
