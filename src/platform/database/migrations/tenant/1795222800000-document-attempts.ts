import type { MigrationInterface, QueryRunner } from 'typeorm';

// Two attempts at one document could both write their chunks. The first of each place stays: both cut the same content by the same settings.
const REMOVE_DOUBLES = `
  WITH doubled AS (
    DELETE FROM chunks USING (SELECT key, row_number() OVER (PARTITION BY document_id, ordinal ORDER BY key) AS copy FROM chunks) AS counted
    WHERE chunks.key = counted.key AND copy > 1
    RETURNING chunks.document_id
  )
  INSERT INTO index_log (document_key, operation)
  SELECT DISTINCT documents.key, 'put' FROM doubled JOIN documents ON documents.id = doubled.document_id WHERE status = 'ready'`;

/** An attempt at a document is known by a token, which each of its writes is checked against; and a place in a document holds one chunk. */
export class DocumentAttempts1795222800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE documents ADD COLUMN lease_token uuid');
    await runner.query(REMOVE_DOUBLES);
    await runner.query('ALTER TABLE chunks ADD CONSTRAINT uq_chunks_ordinal UNIQUE (document_id, ordinal)');
    await runner.query('DROP INDEX idx_chunks_document');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX idx_chunks_document ON chunks (document_id, ordinal)');
    await runner.query('ALTER TABLE chunks DROP CONSTRAINT uq_chunks_ordinal');
    await runner.query('ALTER TABLE documents DROP COLUMN lease_token');
  }
}
