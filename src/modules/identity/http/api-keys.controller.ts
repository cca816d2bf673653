import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Idempotent } from '../../../platform/http/idempotency.interceptor.js';
import { Respond } from '../../../platform/http/respond.js';
import { idParam, pageQuery, type PageQuery } from '../../../platform/http/schemas.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { IdentityService } from '../identity.service.js';
import { createApiKeyRequest, type CreateApiKeyRequest } from './identity.request.js';
import { apiKeyPageResponse, createdApiKeyResponse, toApiKeyResponse } from './identity.response.js';

@ApiTags('identity')
@Controller('api-keys')
export class ApiKeysController {
  constructor(private readonly identity: IdentityService) {}

  @Post()
  @Access('keys:manage')
  @Idempotent()
  @Respond({ summary: 'Create an API key', description: 'It can hold no permission that its creator lacks.', status: 201, body: createdApiKeyResponse })
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

  @Delete(':id')
  @Access('keys:manage')
  @Respond({ summary: 'Revoke an API key', description: 'Ends it and every token issued for it, on every process.', status: 204, errors: [404] })
  async revokeApiKey(@Param({ schema: idParam }) { id }: { id: string }): Promise<void> {
    await this.identity.revokeKey(id);
  }
}
