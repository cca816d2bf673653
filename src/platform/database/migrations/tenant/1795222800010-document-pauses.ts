import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A document whose processing met a fault that is not its own waits for longer and longer, and does not stand in the way of others. */
export class DocumentPauses1795222800010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE documents ADD COLUMN pauses int NOT NULL DEFAULT 0, ADD COLUMN run_after timestamptz NOT NULL DEFAULT now()');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE documents DROP COLUMN pauses, DROP COLUMN run_after');
  }
}
