import type { MigrationInterface, QueryRunner } from 'typeorm';

/** replaces: the document whose place this row takes when it is processed; one at a time, gone with it. */
export class DocumentRevisions1795226100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE documents ADD COLUMN replaces uuid CONSTRAINT fk_documents_replaces REFERENCES documents (id) ON DELETE CASCADE');
    await runner.query('CREATE UNIQUE INDEX uq_documents_replaces ON documents (replaces) WHERE replaces IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM documents WHERE replaces IS NOT NULL');
    await runner.query('ALTER TABLE documents DROP COLUMN replaces');
  }
}
