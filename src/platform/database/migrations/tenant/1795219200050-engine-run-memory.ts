import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How long an engine looked for memories. */
export class EngineRunMemory1795219200050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE engine_runs ADD COLUMN memory_ms double precision');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE engine_runs DROP COLUMN memory_ms');
  }
}
