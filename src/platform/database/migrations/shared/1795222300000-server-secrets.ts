import type { MigrationInterface, QueryRunner } from 'typeorm';

const SERVER_SECRETS = `
  CREATE TABLE server_secrets (
    name varchar(64) CONSTRAINT pk_server_secrets PRIMARY KEY,
    secret bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
  )`;

/** What the processes of an installation encrypt with. */
export class ServerSecrets1795222300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SERVER_SECRETS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE server_secrets');
  }
}
