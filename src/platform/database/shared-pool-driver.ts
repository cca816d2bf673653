import type pg from 'pg';

type ConnectCallback = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  release: (error?: Error | boolean) => void,
) => void;

/**
 * What TypeORM asks of `pg` through its option `driver`: a module with the class `Pool`, of which it makes one a DataSource.
 */
export interface PoolModule {
  Pool: new () => object;
}

/**
 * Lets a TypeORM DataSource borrow connections of `pool` instead of opening a pool of its own, so that a hundred tenants
 * share one set of connections. It stands in for the module `pg` through TypeORM's own option `driver`; the three methods
 * below are all that TypeORM 1.1.1 calls on a pool (`PostgresDriver.createPool`, `obtainMasterConnection`, `closePool`).
 * `shared-pool-driver.spec.ts` and the tenancy test fail when another version asks for more.
 *
 * @param onDestroy what destroying the DataSource ends besides: the pool, when it was made for that one DataSource
 */
export function sharedPoolDriver(pool: pg.Pool, onDestroy?: () => Promise<void>): PoolModule {
  return {
    Pool: class BorrowedPool {
      connect(callback: ConnectCallback): void {
        pool.connect(callback);
      }

      /** TypeORM adds an error listener; the owner of the pool has one already, and a second a tenant would leak. */
      on(): this {
        return this;
      }

      end(callback: (error?: Error) => void): void {
        if (!onDestroy) return callback();
        onDestroy().then(
          () => callback(),
          (error: Error) => callback(error),
        );
      }
    },
  };
}
