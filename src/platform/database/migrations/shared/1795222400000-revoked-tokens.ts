import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tokens that were ended before their time. */
export class RevokedTokens1795222400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE revoked_tokens (id uuid CONSTRAINT pk_revoked_tokens PRIMARY KEY, expires_at timestamptz NOT NULL)');
    await runner.query('CREATE INDEX idx_revoked_tokens_expires ON revoked_tokens (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE revoked_tokens');
  }
}
