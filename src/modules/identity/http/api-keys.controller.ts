import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Idempotent } from '../../../platform/http/idempotency.interceptor.js';
import { Respond } from '../../../platform/http/respond.js';
import { idParam, pageQuery, type PageQuery } from '../../../platform/http/schemas.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { IdentityService } from '../identity.service.js';
import { changeApiKeyRequest, createApiKeyRequest, revokeApiKeyQuery, type ChangeApiKeyRequest, type CreateApiKeyRequest } from './identity.request.js';
import { apiKeyPageResponse, apiKeyResponse, createdApiKeyResponse, toApiKeyResponse } from './identity.response.js';

@ApiTags('identity')
@Controller('api-keys')
export class ApiKeysController {
  constructor(private readonly identity: IdentityService) {}

  @Post()
  @Access('keys:manage')
  @Idempotent()
  @Respond({ summary: 'Create an API key', description: 'It can hold no permission that its creator lacks, and not outlive it.', status: 201, body: createdApiKeyResponse })
  async createApiKey(@Body({ schema: createApiKeyRequest }) body: CreateApiKeyRequest) {
    const { key, secret } = await this.identity.createKey(body.name, body.permissions, body.expires_at ? new Date(body.expires_at) : undefined);
    return { ...toApiKeyResponse(key), key: secret };
  }

  @Get()
  @Access('keys:manage')
  @Respond({ summary: 'List API keys', body: apiKeyPageResponse })
  async listApiKeys(@Query({ schema: pageQuery }) query: PageQuery) {
    const [items, total] = await this.identity.listKeys(query.page, query.page_size);
    return { items: items.map(toApiKeyResponse), total, page: query.page, page_size: query.page_size };
  }

  @Get(':id')
  @Access('keys:manage')
  @Respond({ summary: 'One API key', body: apiKeyResponse, errors: [404] })
  async getApiKey(@Param({ schema: idParam }) { id }: { id: string }) {
    return toApiKeyResponse(await this.identity.getKey(id));
  }

  @Patch(':id')
  @Access('keys:manage')
  @Respond({
    summary: 'Change an API key',
    description: 'Its name, permissions or end; it stays the same key. It takes all permissions that the key has, and those that it gets. The last key that may do everything stays as it is, and a revoked key stays revoked: 409.',
    body: apiKeyResponse,
    errors: [404, 409],
  })
  async changeApiKey(@Param({ schema: idParam }) { id }: { id: string }, @Body({ schema: changeApiKeyRequest }) { name, permissions, expires_at: end }: ChangeApiKeyRequest) {
    return toApiKeyResponse(await this.identity.changeKey(id, { ...(name ? { name } : {}), ...(permissions ? { permissions } : {}), ...(end === undefined ? {} : { expiresAt: end === null ? null : new Date(end) }) }));
  }

  @Delete(':id')
  @Access('keys:manage')
  @Respond({
    summary: 'Revoke an API key',
    description: 'Ends it and every token issued for it, on every process. It takes all permissions that the key has, unless it is your own; the last key that may do everything stays: 409.',
    status: 204,
    errors: [404, 409],
  })
  async revokeApiKey(@Param({ schema: idParam }) { id }: { id: string }, @Query({ schema: revokeApiKeyQuery }) { with_children }: { with_children: boolean }): Promise<void> {
    await this.identity.revokeKey(id, with_children);
  }
}
