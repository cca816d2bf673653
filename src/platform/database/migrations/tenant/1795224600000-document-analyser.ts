import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Documents tell how they were analysed. Null: by the analysis that had no versions. */
export class DocumentAnalyser1795224600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE documents ADD COLUMN analyser varchar(64)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE documents DROP COLUMN analyser');
  }
}
