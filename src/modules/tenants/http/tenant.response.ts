import { z } from 'zod';
import { pageOf, timestamp, uuid } from '../../../platform/http/schemas.js';
import type { Tenant } from '../../../platform/tenancy/tenant.entity.js';

export const tenantResponse = z
  .object({ id: uuid, slug: z.string(), name: z.string(), status: z.enum(['active', 'suspended', 'deleting']), created_at: timestamp })
  .meta({ id: 'Tenant', example: { id: '019aa4c5-8a52-7c3e-9f34-0242ac120002', slug: 'acme', name: 'Acme Ltd.', status: 'active', created_at: '2026-11-21T10:00:00.000Z' } });

export const tenantPageResponse = pageOf(tenantResponse).meta({ id: 'TenantPage' });

/** The new tenant and its first owner key, shown this once. */
export const createdTenantResponse = tenantResponse.extend({ owner_key: z.string() }).meta({ id: 'CreatedTenant', example: { ...(tenantResponse.meta()?.example as object), owner_key: 'ask_8Jx2Qw1zT0mB5nVr6cYd3eKf' } });

/** Shown this once. */
export const issuedOwnerKeyResponse = z
  .object({ id: uuid.describe('Id of the key'), owner_key: z.string(), expires_at: timestamp.nullable().describe('When the key that issued it ends; null: never') })
  .meta({ id: 'IssuedOwnerKey', example: { id: '019aa4c5-8a52-7c3e-9f34-0242ac120003', owner_key: 'ask_8Jx2Qw1zT0mB5nVr6cYd3eKf', expires_at: null } });

export function toTenantResponse(tenant: Tenant): z.infer<typeof tenantResponse> {
  return { id: tenant.id, slug: tenant.slug, name: tenant.name, status: tenant.status as 'active', created_at: tenant.createdAt.toISOString() };
}
