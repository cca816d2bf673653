import type { MigrationInterface, QueryRunner } from 'typeorm';

// The embeddings that processes of this installation were started with. chosen_at: the last such start; the newest decides
// where the vectors of all tenants move to. endpoint: empty for the built-in embedding.
const EMBEDDINGS = `
  CREATE TABLE embeddings (
    space varchar(255) CONSTRAINT pk_embeddings PRIMARY KEY,
    endpoint text NOT NULL,
    model varchar(255) NOT NULL,
    dimensions int NOT NULL,
    chosen_at timestamptz NOT NULL DEFAULT clock_timestamp()
  )`;

export class Embeddings1795226000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(EMBEDDINGS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE embeddings');
  }
}
