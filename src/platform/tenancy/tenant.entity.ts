import { Check, Column, CreateDateColumn, Entity, PrimaryColumn, Unique, UpdateDateColumn } from 'typeorm';
import type { JsonObject } from '../database/json.js';

export type TenantStatus = 'active' | 'suspended' | 'deleting';

/** A customer, kept apart in the schema `tenant_<slug>`. */
@Entity('tenants')
@Unique('uq_tenants_slug', ['slug'])
@Check('ck_tenants_slug', `slug ~ '^[a-z][a-z0-9_]{0,39}$'`)
@Check('ck_tenants_status', `status IN ('active', 'suspended', 'deleting')`)
export class Tenant {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_tenants' })
  id!: string;

  @Column('varchar', { length: 40 })
  slug!: string;

  @Column('varchar', { length: 255 })
  name!: string;

  @Column('varchar', { length: 12, default: 'active' })
  status!: TenantStatus;

  @Column('jsonb', { default: {} })
  settings!: JsonObject;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;
}
