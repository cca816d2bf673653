import type { MigrationInterface, QueryRunner } from 'typeorm';

// A vector belongs to a chunk and an embedding (space): while the embedding changes, a chunk has one of each.
// vector: little-endian float32.
const CHUNK_VECTORS = `
  CREATE TABLE chunk_vectors (
    chunk_key bigint NOT NULL CONSTRAINT fk_chunk_vectors_chunk REFERENCES chunks (key) ON DELETE CASCADE,
    space varchar(255) NOT NULL,
    vector bytea NOT NULL,
    CONSTRAINT pk_chunk_vectors PRIMARY KEY (chunk_key, space)
  )`;

const MOVE = `INSERT INTO chunk_vectors (chunk_key, space, vector) SELECT key, vector_space, vector FROM chunks WHERE vector IS NOT NULL AND vector_space IS NOT NULL`;
// Of several, that of most chunks.
const SERVED = `UPDATE index_state SET vector_space = (SELECT space FROM chunk_vectors GROUP BY space ORDER BY count(*) DESC LIMIT 1)`;
// The no-op on token_count makes PostgreSQL write the table anew, which gives the room of the vectors back.
const DROP = `ALTER TABLE chunks DROP COLUMN vector, DROP COLUMN vector_space, ALTER COLUMN token_count TYPE int USING token_count + 0`;

const MOVE_BACK = `
  UPDATE chunks SET vector = v.vector, vector_space = v.space FROM chunk_vectors v, index_state s WHERE v.chunk_key = chunks.key AND v.space = s.vector_space`;

/** Vectors in a table of their own, and what a change of the embedding has to remember (index_state). */
export class ChunkVectors1795226000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CHUNK_VECTORS);
    await runner.query('ALTER TABLE chunk_vectors ALTER vector SET STORAGE EXTERNAL');
    await runner.query(MOVE);
    await runner.query(SERVED);
    await runner.query(DROP);
    await runner.query('ALTER TABLE index_state ADD COLUMN reembedding jsonb, ADD COLUMN lease_owner uuid, ADD COLUMN lease_until timestamptz, ADD COLUMN switched_at timestamptz');
    await runner.query('ALTER TABLE index_log DROP CONSTRAINT ck_index_log_operation');
    await runner.query(`ALTER TABLE index_log ADD CONSTRAINT ck_index_log_operation CHECK (operation IN ('put', 'remove', 'switch'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM index_log WHERE operation = 'switch'`);
    await runner.query('ALTER TABLE index_log DROP CONSTRAINT ck_index_log_operation');
    await runner.query(`ALTER TABLE index_log ADD CONSTRAINT ck_index_log_operation CHECK (operation IN ('put', 'remove'))`);
    await runner.query('ALTER TABLE chunks ADD COLUMN vector bytea, ADD COLUMN vector_space varchar(255)');
    await runner.query('ALTER TABLE chunks ALTER vector SET STORAGE EXTERNAL');
    await runner.query(MOVE_BACK);
    await runner.query('ALTER TABLE index_state DROP COLUMN reembedding, DROP COLUMN lease_owner, DROP COLUMN lease_until, DROP COLUMN switched_at');
    await runner.query('DROP TABLE chunk_vectors');
  }
}
