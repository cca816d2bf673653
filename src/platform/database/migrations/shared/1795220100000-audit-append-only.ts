import type { MigrationInterface, QueryRunner } from 'typeorm';

const REFUSE = `
  CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'audit_log is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
  END $$`;

/** Entries of the audit trail stay as they were written, also for whoever owns the table; and they are found in the order in which they are listed. */
export class AuditAppendOnly1795220100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REFUSE);
    await runner.query('CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()');
    await runner.query('DROP INDEX idx_audit_log_tenant_at');
    await runner.query('CREATE INDEX idx_audit_log_tenant_at ON audit_log (tenant_id, at, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX idx_audit_log_tenant_at');
    await runner.query('CREATE INDEX idx_audit_log_tenant_at ON audit_log (tenant_id, at)');
    await runner.query('DROP TRIGGER audit_log_append_only ON audit_log');
    await runner.query('DROP FUNCTION refuse_audit_change');
  }
}
