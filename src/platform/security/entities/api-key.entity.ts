import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { Tenant } from '../../tenancy/tenant.entity.js';

/** A key for programs. Only its hash is kept: the key itself is shown once. */
@Entity('api_keys')
@Unique('uq_api_keys_hash', ['hash'])
@Index('idx_api_keys_tenant', ['tenantId'])
export class ApiKey {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_api_keys' })
  id!: string;

  @ForeignKey(() => Tenant, { name: 'fk_api_keys_tenant', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId!: string;

  @Column('varchar', { length: 255 })
  name!: string;

  /** First characters of the key, by which people recognise it. */
  @Column('varchar', { length: 16 })
  prefix!: string;

  /** SHA-256 of the key, 32 bytes. */
  @Column('bytea')
  hash!: Buffer;

  @Column('text', { array: true })
  permissions!: string[];

  @Column('varchar', { name: 'created_by', length: 255, nullable: true })
  createdBy!: string | null;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt!: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
