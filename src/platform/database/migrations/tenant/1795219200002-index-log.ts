import type { MigrationInterface, QueryRunner } from 'typeorm';

// seq is taken under a lock held to the commit (index-log.ts), so rows become visible in its order. document_key has no
// foreign key: a removal outlives its document.
const INDEX_LOG = `
  CREATE TABLE index_log (
    seq bigserial CONSTRAINT pk_index_log PRIMARY KEY,
    document_key int NOT NULL,
    operation varchar(8) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_index_log_operation CHECK (operation IN ('put', 'remove'))
  )`;

// One row. trimmed_through: rows up to this seq may be gone; a replica that stands before it is built anew from the tables.
// vector_space: the embedding that searches use; null until the first document.
const INDEX_STATE = `
  CREATE TABLE index_state (
    id smallint CONSTRAINT pk_index_state PRIMARY KEY DEFAULT 1,
    trimmed_through bigint NOT NULL DEFAULT 0,
    vector_space varchar(255),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_index_state_single CHECK (id = 1)
  )`;

/** What index replicas follow. */
export class IndexLog1795219200002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(INDEX_LOG);
    await runner.query(INDEX_STATE);
    await runner.query('INSERT INTO index_state (id) VALUES (1)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE index_state, index_log');
  }
}
