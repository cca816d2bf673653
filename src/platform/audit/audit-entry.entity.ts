import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../database/json.js';

/** Who changed what, and when. Rows are only ever added; they outlive the tenant they speak of. */
@Entity('audit_log')
@Index('idx_audit_log_tenant_at', ['tenantId', 'at', 'id'])
export class AuditEntry {
  /** UUIDv7: sorting by id is sorting by time. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_audit_log' })
  id!: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId!: string;

  /** Kind and id of who acted: `api_key:019a…`, `user:…`, `system:…`. */
  @Column('varchar', { length: 255 })
  actor!: string;

  /** `<module>.<past tense>`, e.g. `engine.switched`. */
  @Column('varchar', { length: 100 })
  action!: string;

  /** What was acted on, e.g. the name of the engine. */
  @Column('varchar', { length: 255 })
  subject!: string;

  @Column('jsonb', { default: {} })
  detail!: JsonObject;

  @CreateDateColumn({ name: 'at', type: 'timestamptz' })
  at!: Date;
}
