import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Access } from '../../../platform/security/access.decorators.js';
import { requirePrincipal } from '../../../platform/tenancy/tenant-context.js';
import { MemoryService } from '../memory.service.js';
import { mem0AddRequest, mem0IdParam, mem0ScopeQuery, mem0SearchRequest, mem0UpdateRequest, toMem0Filter, toMem0Scope } from './mem0.request.js';
import type { Mem0AddRequest, Mem0ScopeQuery, Mem0SearchRequest, Mem0UpdateRequest } from './mem0.request.js';
import { toMem0Change, toMem0History, toMem0Memory } from './mem0.response.js';

/** What a self-hosted mem0 server answers; unlike there, each id belongs to the caller. */
@ApiExcludeController()
@Controller('mem0')
export class Mem0ServerController {
  constructor(private readonly memories: MemoryService) {}

  @Post('memories')
  @HttpCode(200)
  @Access('memories:write')
  async add(@Body({ schema: mem0AddRequest }) body: Mem0AddRequest) {
    const changes = await this.memories.remember(toMem0Scope(body), body.messages, { metadata: body.metadata ?? {}, infer: body.infer ?? true, expiresAt: body.expiration_date ?? undefined });
    return { results: changes.map(toMem0Change) };
  }

  @Get('memories')
  @Access('memories:read')
  async list(@Query({ schema: mem0ScopeQuery }) { top_k, ...ids }: Mem0ScopeQuery) {
    const { items } = await this.memories.list(toMem0Scope(ids), 1, top_k);
    return { results: items.map(toMem0Memory) };
  }

  @Delete('memories')
  @Access('memories:write')
  async removeAll(@Query({ schema: mem0ScopeQuery }) ids: Mem0ScopeQuery) {
    await this.memories.forgetAll(toMem0Scope(ids));
    return { message: 'All relevant memories deleted' };
  }

  @Post('search')
  @HttpCode(200)
  @Access('memories:read')
  async search(@Body({ schema: mem0SearchRequest }) { query, filters, top_k, threshold }: Mem0SearchRequest) {
    const { scope, metadata } = toMem0Filter(filters);
    const { items, timedOut } = await this.memories.search(scope, { query, metadata, limit: top_k ?? undefined, threshold: threshold ?? undefined });
    return { results: items.map(toMem0Memory), timed_out: timedOut };
  }

  @Get('memories/:id')
  @Access('memories:read')
  async get(@Param({ schema: mem0IdParam }) { id }: { id: string }) {
    return toMem0Memory(await this.memories.get(requirePrincipal().id, id));
  }

  @Put('memories/:id')
  @Access('memories:write')
  async update(@Param({ schema: mem0IdParam }) { id }: { id: string }, @Body({ schema: mem0UpdateRequest }) { text, metadata, expiration_date }: Mem0UpdateRequest) {
    const change = { text: text ?? undefined, metadata: metadata ?? undefined, expiresAt: expiration_date };
    return { ...toMem0Memory(await this.memories.update(requirePrincipal().id, id, change)), message: 'Memory updated successfully!' };
  }

  @Delete('memories/:id')
  @Access('memories:write')
  async remove(@Param({ schema: mem0IdParam }) { id }: { id: string }) {
    await this.memories.forget(requirePrincipal().id, id);
    return { message: 'Memory deleted successfully!' };
  }

  @Get('memories/:id/history')
  @Access('memories:read')
  async history(@Param({ schema: mem0IdParam }) { id }: { id: string }) {
    return toMem0History(id, await this.memories.history(requirePrincipal().id, id));
  }
}
