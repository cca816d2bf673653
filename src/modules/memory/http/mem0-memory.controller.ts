import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Access } from '../../../platform/security/access.decorators.js';
import { requirePrincipal } from '../../../platform/tenancy/tenant-context.js';
import { MemoryService } from '../memory.service.js';
import { mem0IdParam, mem0SearchRequest, mem0UpdateRequest, toMem0Filter, type Mem0SearchRequest, type Mem0UpdateRequest } from './mem0.request.js';
import { toMem0History, toMem0Memory } from './mem0.response.js';

/** What both forms of mem0 have in common but for the path: the platform's `v1/memories/…`, a self-hosted server's `memories/…`. */
@ApiExcludeController()
@Controller('mem0')
export class Mem0MemoryController {
  constructor(private readonly memories: MemoryService) {}

  @Post(['v3/memories/search', 'search'])
  @HttpCode(200)
  @Access('memories:read')
  async search(@Body({ schema: mem0SearchRequest }) { query, filters, top_k, threshold }: Mem0SearchRequest) {
    const { scope, metadata } = toMem0Filter(filters);
    const { items, timedOut } = await this.memories.search(scope, { query, metadata, limit: top_k ?? undefined, threshold: threshold ?? undefined });
    return { results: items.map(toMem0Memory), timed_out: timedOut };
  }

  @Get(['v1/memories/:id', 'memories/:id'])
  @Access('memories:read')
  async get(@Param({ schema: mem0IdParam }) { id }: { id: string }) {
    return toMem0Memory(await this.memories.get(requirePrincipal().id, id));
  }

  @Put(['v1/memories/:id', 'memories/:id'])
  @Access('memories:write')
  async update(@Param({ schema: mem0IdParam }) { id }: { id: string }, @Body({ schema: mem0UpdateRequest }) { text, metadata, expiration_date }: Mem0UpdateRequest) {
    const change = { text: text ?? undefined, metadata: metadata ?? undefined, expiresAt: expiration_date };
    return { ...toMem0Memory(await this.memories.update(requirePrincipal().id, id, change)), message: 'Memory updated successfully!' };
  }

  @Delete(['v1/memories/:id', 'memories/:id'])
  @Access('memories:write')
  async remove(@Param({ schema: mem0IdParam }) { id }: { id: string }) {
    await this.memories.forget(requirePrincipal().id, [id]);
    return { message: 'Memory deleted successfully!' };
  }

  @Get(['v1/memories/:id/history', 'memories/:id/history'])
  @Access('memories:read')
  async history(@Param({ schema: mem0IdParam }) { id }: { id: string }) {
    return toMem0History(id, await this.memories.history(requirePrincipal().id, id));
  }
}
