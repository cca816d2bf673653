import type { MigrationInterface, QueryRunner } from 'typeorm';

// tools: names; NULL means all that the principal may use.
const PERSONALITIES = `
  CREATE TABLE personalities (
    id uuid CONSTRAINT pk_personalities PRIMARY KEY,
    name varchar(100) NOT NULL CONSTRAINT uq_personalities_name UNIQUE,
    description text,
    system_prompt text NOT NULL,
    tone varchar(200),
    model varchar(255),
    temperature double precision,
    tools text[],
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
  )`;

/** How the engine speaks when a question asks for it. */
export class Personalities1795219200060 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PERSONALITIES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE personalities');
  }
}
