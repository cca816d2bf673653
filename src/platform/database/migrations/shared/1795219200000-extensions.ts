import { Logger } from '@nestjs/common';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const INSUFFICIENT_PRIVILEGE = '42501';
const NOT_AVAILABLE = new Set(['0A000', '58P01']);

/** pg_trgm helps fuzzy lookups in SQL; everything works without it, so a role that may not create it does not stop the start. */
export class Extensions1795219200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('SAVEPOINT extension');
    try {
      await runner.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
    } catch (error) {
      const code = (error as { driverError?: { code?: string } }).driverError?.code ?? '';
      if (code !== INSUFFICIENT_PRIVILEGE && !NOT_AVAILABLE.has(code)) throw error;
      await runner.query('ROLLBACK TO SAVEPOINT extension');
      new Logger('Migration').warn(
        'The extension pg_trgm could not be created. Fuzzy lookups in SQL stay off until an administrator runs: CREATE EXTENSION pg_trgm;',
      );
    }
  }

  /** The extension may have been there before us and may serve others: it stays. */
  async down(): Promise<void> {
    return Promise.resolve();
  }
}
