import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { JsonValue } from '../../database/json.js';
import { Tenant } from '../../tenancy/tenant.entity.js';

/** The answer kept for a request that may be sent again with the same `Idempotency-Key`. */
@Entity('idempotency_keys')
@Index('idx_idempotency_keys_created', ['createdAt'])
export class IdempotencyKey {
  @ForeignKey(() => Tenant, { name: 'fk_idempotency_keys_tenant', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'tenant_id', primaryKeyConstraintName: 'pk_idempotency_keys' })
  tenantId!: string;

  @PrimaryColumn('varchar', { length: 255, primaryKeyConstraintName: 'pk_idempotency_keys' })
  key!: string;

  /** SHA-256 of method, path and body: the same key with another request is a conflict. */
  @Column('bytea')
  fingerprint!: Buffer;

  /** HTTP status; null while the first request is still at work. */
  @Column('int', { nullable: true })
  status!: number | null;

  @Column('jsonb', { nullable: true })
  response!: JsonValue;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
