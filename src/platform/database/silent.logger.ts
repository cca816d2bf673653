import type { Logger } from 'typeorm';

/**
 * TypeORM's default logger writes to the console even when logging is off. Nothing is lost without it: failures are thrown
 * to the caller, who knows the request they belong to, and applied migrations are logged by MigrationRunner.
 */
export class SilentLogger implements Logger {
  logQuery(): void {}

  logQueryError(): void {}

  logQuerySlow(): void {}

  logSchemaBuild(): void {}

  logMigration(): void {}

  log(): void {}
}
