import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { idParam, pageQuery, type PageQuery } from '../../../platform/http/schemas.js';
import { Idempotent } from '../../../platform/http/idempotency.interceptor.js';
import { Respond } from '../../../platform/http/respond.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { TenantsService } from '../tenants.service.js';
import { createTenantRequest, type CreateTenantRequest } from './tenant.request.js';
import { createdTenantResponse, issuedOwnerKeyResponse, tenantPageResponse, tenantResponse, toTenantResponse } from './tenant.response.js';

@ApiTags('tenants')
@Controller('tenants')
export class TenantsController {
  constructor(private readonly tenants: TenantsService) {}

  @Post()
  @Access('tenants:manage')
  @Idempotent()
  @Respond({ summary: 'Create a tenant', description: 'Makes its schema and its first owner key; asked again after a call that broke off, it finishes that. Only keys of the tenant `default` may.', status: 201, body: createdTenantResponse, errors: [409] })
  async createTenant(@Body({ schema: createTenantRequest }) body: CreateTenantRequest) {
    const { tenant, ownerKey } = await this.tenants.create(body.slug, body.name);
    return { ...toTenantResponse(tenant), owner_key: ownerKey };
  }

  @Post(':id/owner-key')
  @Access('tenants:manage')
  @Idempotent()
  @Respond({ summary: 'Issue another owner key of a tenant', description: 'For a tenant that has lost its own. Only keys of the tenant `default` with the permission `*` may, and the audit trails of both tenants tell of it.', status: 201, body: issuedOwnerKeyResponse, errors: [404] })
  async issueOwnerKey(@Param({ schema: idParam }) { id }: { id: string }) {
    const { key, secret } = await this.tenants.addOwnerKey(id);
    return { id: key.id, owner_key: secret, expires_at: key.expiresAt?.toISOString() ?? null };
  }

  @Get()
  @Access('tenants:manage')
  @Respond({ summary: 'List tenants', body: tenantPageResponse })
  async listTenants(@Query({ schema: pageQuery }) query: PageQuery) {
    const { items, total } = await this.tenants.list(query.page, query.page_size);
    return { items: items.map(toTenantResponse), total, page: query.page, page_size: query.page_size };
  }

  @Get(':id')
  @Access('tenants:manage')
  @Respond({ summary: 'One tenant', body: tenantResponse, errors: [404] })
  async getTenant(@Param({ schema: idParam }) { id }: { id: string }) {
    return toTenantResponse(await this.tenants.get(id));
  }
}
