import type { MigrationInterface, QueryRunner } from 'typeorm';

// At this seq of the index log every searchable chunk had a vector of vector_space; null: nobody has looked.
const EMBEDDED_THROUGH = 'ALTER TABLE index_state ADD COLUMN embedded_through bigint';

/** From where on the search for chunks without a vector has to look. */
export class EmbeddedThrough1795226300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(EMBEDDED_THROUGH);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE index_state DROP COLUMN embedded_through');
  }
}
