import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import type { DataSource, EntityManager, ObjectLiteral } from 'typeorm';
import { TransactionAbortedError } from '../database/database.errors.js';
import { Database } from '../database/database.js';
import { SchemaSql } from './schema-name.js';
import { currentContext, requireTenant, runWithContext, type TenantContext } from './tenant-context.js';

/** Statements that are kept, on each connection that ran them: some ten kB each in PostgreSQL. */
const mostPrepared = 500;

/** Work with a tenant's tables; `sql` names them for raw statements. */
export type TenantWork<T> = (manager: EntityManager, sql: SchemaSql) => Promise<T>;

interface OpenTransaction {
  tenantId: string;
  manager: EntityManager;
  /** False once it has ended: work that outlives it must not use its connection, which serves others by then. */
  open: boolean;
  /** Why joined work failed: then the whole must not be committed, whoever caught the error. */
  failure?: unknown;
}

/**
 * The only way to a tenant's tables. The tenant is that of the running request or job; without one every method refuses
 * with `tenancy.missing`.
 *
 * Inside of transaction(), all methods called from the work (and from what it awaits) join that transaction. Await them
 * one after the other: a transaction has one connection. Work that takes a second connection meanwhile (another tenant, the
 * control plane) can starve a small pool: do it before or after.
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
  /** Statement with its tenant → its name, which PostgreSQL limits to 63 bytes. */
  private readonly preparedNames = new Map<string, string>();
  private prepares = true;

  constructor(private readonly database: Database) {}

  /** Names the current tenant's tables for raw SQL. */
  get sql(): SchemaSql {
    return new SchemaSql(requireTenant().schema);
  }

  /** Runs work without a transaction of its own: each statement takes a free connection of the pool. */
  async run<T>(work: TenantWork<T>): Promise<T> {
    const tenant = requireTenant();
    const manager = this.running(tenant)?.manager ?? (await this.source(tenant)).manager;
    return work(manager, new SchemaSql(tenant.schema));
  }

  /**
   * Runs work in one transaction: committed when it resolves, rolled back when it throws. Joins one that is open already.
   * @throws TransactionAbortedError when the work resolves although a statement or a joined part failed
   */
  async transaction<T>(work: TenantWork<T>): Promise<T> {
    const tenant = requireTenant();
    const sql = new SchemaSql(tenant.schema);
    const running = this.running(tenant);
    if (running) return join(running, () => work(running.manager, sql));
    const source = await this.source(tenant);
    return source.transaction(async (manager) => {
      const transaction: OpenTransaction = { tenantId: tenant.tenantId, manager, open: true };
      try {
        const result = await this.transactions.run(transaction, () => work(manager, sql));
        await refuseHiddenFailure(transaction);
        return result;
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
    const tenant = requireTenant();
    const text = typeof statement === 'string' ? statement : statement(new SchemaSql(tenant.schema));
    const runner = this.running(tenant)?.manager.queryRunner;
    if (runner) return (await runner.query(text, [...parameters], true)).records as Row[];
    // Straight to the pool: no entity has a part in this, and a search does it for every question.
    return (await this.database.pool.query<Row>(text, [...parameters])).rows;
  }

  /**
   * Like query, for a read that happens all the time: PostgreSQL keeps its plan. A plan fits the tables as they were, so give the statement
   * another `name` when they have grown. Behind a connection pooler that cannot keep statements, and for tenants beyond the first hundreds, it is a plain query.
   */
  async queryPrepared<Row extends ObjectLiteral>(name: string, statement: (sql: SchemaSql) => string, parameters: readonly unknown[]): Promise<Row[]> {
    const tenant = requireTenant();
    const known = this.running(tenant) ? undefined : this.preparedName(`${tenant.schema} ${name}`);
    if (known === undefined) return this.query<Row>(statement, parameters);
    try {
      return (await this.database.pool.query<Row>({ name: known, text: statement(new SchemaSql(tenant.schema)), values: [...parameters] })).rows;
    } catch (error) {
      if (!statementWasLost(error)) throw error;
      this.prepares = false;
      return this.query<Row>(statement, parameters);
    }
  }

  /** Runs background work on behalf of a tenant; the request id of the starter, if any, is kept. */
  async forTenant<T>(tenant: TenantContext, work: () => Promise<T>): Promise<T> {
    const requestId = currentContext()?.requestId ?? randomUUID();
    return runWithContext({ requestId, tenant }, work);
  }

  private preparedName(statement: string): string | undefined {
    if (!this.prepares) return undefined;
    const known = this.preparedNames.get(statement);
    if (known !== undefined || this.preparedNames.size >= mostPrepared) return known;
    const name = `prepared_${this.preparedNames.size}`;
    this.preparedNames.set(statement, name);
    return name;
  }

  private source(tenant: TenantContext): DataSource | Promise<DataSource> {
    return this.database.knownTenant(tenant.slug) ?? this.database.tenant(tenant.slug);
  }

  private running(tenant: TenantContext): OpenTransaction | undefined {
    const transaction = this.transactions.getStore();
    return transaction?.open && transaction.tenantId === tenant.tenantId ? transaction : undefined;
  }
}

async function join<T>(transaction: OpenTransaction, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    transaction.failure ??= error;
    throw error;
  }
}

/** After a failed statement COMMIT rolls back and reports success: without this look, the caller would acknowledge lost work. */
async function refuseHiddenFailure({ manager, failure }: OpenTransaction): Promise<void> {
  const client = (await manager.queryRunner?.connect()) as (PoolClient & { readyForQuery?: boolean }) | undefined;
  // `pg` tells of an error before it has heard what became of the transaction. An empty statement is answered after that.
  if (client?.readyForQuery === false) await client.query('');
  if (failure !== undefined || client?.getTransactionStatus() === 'E') throw new TransactionAbortedError(failure);
}

/** A pooler sent it to another connection than the one that prepared it, or to one that has it from somebody else; or the columns have another type by now. */
function statementWasLost(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === '26000' || code === '42P05' || code === '0A000';
}
