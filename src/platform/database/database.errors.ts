import { AppError } from '#libs/contracts';

const reason = (error: unknown): string => (error instanceof Error ? error.message || error.name : String(error));

/** The database did not answer in time at start, or refused the sign-in. */
export class DatabaseUnreachableError extends AppError {
  constructor(where: string, cause: unknown) {
    super('database.unreachable', 'unavailable', `The database at ${where} cannot be used: ${reason(cause)}. Check DATABASE_URL.`, { cause });
  }
}

/** A migration failed; its transaction was rolled back and the schema stays as it was before it. */
export class MigrationFailedError extends AppError {
  constructor(
    readonly schema: string,
    readonly migration: string,
    cause: unknown,
  ) {
    super('database.migration_failed', 'internal', `Migration ${migration} of schema ${schema} failed: ${reason(cause)}`, { cause });
  }
}

/** Several schemas could not be migrated; all the others are up to date. */
export class MigrationsFailedError extends AppError {
  constructor(readonly failures: readonly Error[]) {
    super('database.migration_failed', 'internal', failures.map((failure) => failure.message).join('\n'), {
      cause: failures[0],
    });
  }
}

/** Work hid a failure inside a transaction and asked for the commit; PostgreSQL would have rolled back without a word. */
export class TransactionAbortedError extends AppError {
  constructor(cause?: unknown) {
    super(
      'database.transaction_aborted',
      'internal',
      `A statement or a joined part of the transaction failed and the failure was swallowed: nothing was stored.${cause ? ` First failure: ${reason(cause)}` : ''}`,
      { cause },
    );
  }
}
