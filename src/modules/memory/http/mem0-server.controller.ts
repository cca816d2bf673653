import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Idempotent } from '../../../platform/http/idempotency.interceptor.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { MemoryService } from '../memory.service.js';
import { mem0AddRequest, mem0ScopeQuery, toMem0Scope } from './mem0.request.js';
import type { Mem0AddRequest, Mem0ScopeQuery } from './mem0.request.js';
import { toMem0Change, toMem0Memory } from './mem0.response.js';

/** What a self-hosted mem0 server answers; unlike there, each id belongs to the caller. */
@ApiExcludeController()
@Controller('mem0')
export class Mem0ServerController {
  constructor(private readonly memories: MemoryService) {}

  @Post('memories')
  @HttpCode(200)
  @Idempotent()
  @Access('memories:write')
  async add(@Body({ schema: mem0AddRequest }) body: Mem0AddRequest) {
    const changes = await this.memories.remember(toMem0Scope(body), body.messages, { metadata: body.metadata ?? {}, infer: body.infer ?? true, expiresAt: body.expiration_date ?? undefined });
    return { results: changes.map(toMem0Change) };
  }

  @Get('memories')
  @Access('memories:read')
  async list(@Query({ schema: mem0ScopeQuery }) { top_k, ...ids }: Mem0ScopeQuery) {
    const { items } = await this.memories.list(toMem0Scope(ids), { page: 1, pageSize: top_k });
    return { results: items.map(toMem0Memory) };
  }

  @Delete('memories')
  @Access('memories:write')
  async removeAll(@Query({ schema: mem0ScopeQuery }) ids: Mem0ScopeQuery) {
    await this.memories.forgetAll(toMem0Scope(ids));
    return { message: 'All relevant memories deleted' };
  }
}
