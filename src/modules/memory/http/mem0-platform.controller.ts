import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AppError } from '#libs/contracts';
import { Idempotent } from '../../../platform/http/idempotency.interceptor.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { requirePrincipal } from '../../../platform/tenancy/tenant-context.js';
import { Mem0ClientService } from '../mem0-client.service.js';
import { MemoryService } from '../memory.service.js';
import { mem0AddRequest, mem0IdParam, mem0ListRequest, mem0PageQuery, mem0ScopeQuery, toMem0Filter, toMem0Scope } from './mem0.request.js';
import type { Mem0AddRequest, Mem0PageQuery, Mem0ScopeQuery } from './mem0.request.js';
import { toMem0Change, toMem0Memory } from './mem0.response.js';

/** What the mem0 platform answers to its client (`new MemoryClient({ apiKey, host: '…/mem0' })`): memories. */
@ApiExcludeController()
@Controller('mem0')
export class Mem0PlatformController {
  constructor(
    private readonly memories: MemoryService,
    private readonly clients: Mem0ClientService,
  ) {}

  /** Done when it answers; the client is told to ask, as the platform tells it. */
  @Post('v3/memories/add')
  @HttpCode(200)
  @Idempotent()
  @Access('memories:write')
  async add(@Body({ schema: mem0AddRequest }) body: Mem0AddRequest) {
    const changes = await this.memories.remember(toMem0Scope(body), body.messages, { metadata: body.metadata ?? {}, infer: body.infer ?? true, expiresAt: body.expiration_date ?? undefined });
    const id = await this.clients.receipt(requirePrincipal().id, changes);
    return { message: 'Memory processing has been queued for background execution', status: 'PENDING', event_id: id };
  }

  @Get('v1/event/:id')
  @Access('memories:read')
  async event(@Param({ schema: mem0IdParam }) { id }: { id: string }) {
    const { results, createdAt } = await this.clients.event(requirePrincipal().id, id);
    return { id, event_type: 'ADD', status: 'SUCCEEDED', results: results.map(toMem0Change), created_at: createdAt.toISOString(), updated_at: createdAt.toISOString() };
  }

  @Post('v3/memories')
  @HttpCode(200)
  @Access('memories:read')
  async list(@Body({ schema: mem0ListRequest }) { filters }: { filters?: Record<string, unknown> }, @Query({ schema: mem0PageQuery }) { page, page_size }: Mem0PageQuery) {
    const { scope, metadata } = toMem0Filter(filters);
    // Refused rather than ignored, which would show too much.
    if (metadata) throw new AppError('memory.unsupported_filter', 'invalid', 'Lists cannot be filtered by metadata; a search can.');
    const { items, total } = await this.memories.list(scope, { page, pageSize: page_size });
    const at = (other: number) => `?page=${other}&page_size=${page_size}`;
    return { count: total, next: page * page_size < total ? at(page + 1) : null, previous: page > 1 ? at(page - 1) : null, results: items.map(toMem0Memory) };
  }

  @Delete('v1/memories')
  @Access('memories:write')
  async removeAll(@Query({ schema: mem0ScopeQuery }) ids: Mem0ScopeQuery) {
    await this.memories.forgetAll(toMem0Scope(ids));
    return { message: 'Memories deleted successfully!' };
  }
}
