import type { MigrationInterface, QueryRunner } from 'typeorm';

// No foreign key: the trail outlives the tenant it speaks of.
const AUDIT_LOG = `
  CREATE TABLE audit_log (
    id uuid CONSTRAINT pk_audit_log PRIMARY KEY,
    tenant_id uuid NOT NULL,
    actor varchar(255) NOT NULL,
    action varchar(100) NOT NULL,
    subject varchar(255) NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}',
    at timestamptz NOT NULL DEFAULT now()
  )`;

/** Who changed what. */
export class AuditLog1795219200020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(AUDIT_LOG);
    await runner.query('CREATE INDEX idx_audit_log_tenant_at ON audit_log (tenant_id, at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_log');
  }
}
