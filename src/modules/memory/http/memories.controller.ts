import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Idempotent } from '../../../platform/http/idempotency.interceptor.js';
import { Respond } from '../../../platform/http/respond.js';
import { idParam, toPageStart } from '../../../platform/http/schemas.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { requirePrincipal } from '../../../platform/tenancy/tenant-context.js';
import { MemoryService } from '../memory.service.js';
import { MemoryTurnsService } from '../memory-turns.service.js';
import type { MemoryScope } from '../memory.types.js';
import { addMemoryRequest, forgetQuery, memoryListQuery, searchMemoriesRequest, updateMemoryRequest } from './memory.request.js';
import type { AddMemoryRequest, ForgetQuery, MemoryListQuery, SearchMemoriesRequest, UpdateMemoryRequest } from './memory.request.js';
import { memoriesForgottenResponse, memoryChangesResponse, memoryHistoryResponse, memoryPageResponse, memoryQueueResponse, memoryResponse, memorySearchResponse } from './memory.response.js';
import { toMemoryChangesResponse, toMemoryHistoryResponse, toMemoryQueueResponse, toMemoryResponse, toMemorySearchResponse } from './memory.response.js';

@ApiTags('memories')
@Controller('v1/memories')
export class MemoriesController {
  constructor(
    private readonly memories: MemoryService,
    private readonly turns: MemoryTurnsService,
  ) {}

  @Get()
  @Access('memories:read')
  @Respond({ summary: 'List memories', description: 'Newest first.', body: memoryPageResponse })
  async listMemories(@Query({ schema: memoryListQuery }) { user_id, ...query }: MemoryListQuery) {
    const { items, total, nextCursor } = await this.memories.list(scope(user_id), toPageStart(query));
    return { items: items.map(toMemoryResponse), total, page: query.page, page_size: query.page_size, next_cursor: nextCursor };
  }

  @Post()
  @Access('memories:write')
  @Idempotent()
  @Respond({ summary: 'Remember', description: 'A text, or what is worth keeping of a turn: facts about the user, found by rules in Chinese and English. What is known is not kept twice; what contradicts it takes its place.', status: 201, body: memoryChangesResponse })
  async addMemory(@Body({ schema: addMemoryRequest }) { text, messages = [], user_id, metadata, expires_at }: AddMemoryRequest) {
    const options = { metadata, ...(expires_at === undefined ? {} : { expiresAt: new Date(expires_at) }) };
    const changes = text === undefined ? await this.memories.remember(scope(user_id), messages, options) : await this.memories.add(scope(user_id), text, options);
    return toMemoryChangesResponse(changes);
  }

  @Delete()
  @Access('memories:write')
  @Respond({ summary: 'Forget many', description: 'All your own memories, those of one whom you serve (`user_id`), or both and everybody\'s (`all=true`), with their history and the turns that wait: at once and for good.', body: memoriesForgottenResponse })
  async forgetMemories(@Query({ schema: forgetQuery }) { user_id, all }: ForgetQuery) {
    return { deleted: await this.memories.forgetAll(all === 'true' ? { ownerId: requirePrincipal().id } : scope(user_id)) };
  }

  @Post('search')
  @Access('memories:read')
  @Respond({ summary: 'Search memories', description: 'By words and by meaning, over the newest 5,000, for 300 ms at most: `timed_out` says when that was not enough.', body: memorySearchResponse })
  async searchMemories(@Body({ schema: searchMemoriesRequest }) { user_id, ...search }: SearchMemoriesRequest) {
    return toMemorySearchResponse(await this.memories.search(scope(user_id), search));
  }

  @Get('queue')
  @Access('memories:read')
  @Respond({ summary: 'Turns that wait to become memories', description: 'Turns of your conversations are learnt from in the background, usually within seconds. One that fails is tried eight times in about two hours, then shown here for seven days.', body: memoryQueueResponse })
  async getMemoryQueue() {
    return toMemoryQueueResponse(await this.turns.figures(requirePrincipal().id));
  }

  @Get(':id')
  @Access('memories:read')
  @Respond({ summary: 'One memory', body: memoryResponse, errors: [404] })
  async getMemory(@Param({ schema: idParam }) { id }: { id: string }) {
    return toMemoryResponse(await this.memories.get(requirePrincipal().id, id));
  }

  @Get(':id/history')
  @Access('memories:read')
  @Respond({ summary: 'Changes of a memory', description: 'Oldest first; of a forgotten memory for seven days.', body: memoryHistoryResponse, errors: [404] })
  async getMemoryHistory(@Param({ schema: idParam }) { id }: { id: string }) {
    return toMemoryHistoryResponse(await this.memories.history(requirePrincipal().id, id));
  }

  @Patch(':id')
  @Access('memories:write')
  @Respond({ summary: 'Change a memory', body: memoryResponse, errors: [404] })
  async updateMemory(@Param({ schema: idParam }) { id }: { id: string }, @Body({ schema: updateMemoryRequest }) { text, metadata, expires_at }: UpdateMemoryRequest) {
    const expiresAt = expires_at ? new Date(expires_at) : expires_at;
    return toMemoryResponse(await this.memories.update(requirePrincipal().id, id, { text, metadata, expiresAt: expiresAt as Date | null | undefined }));
  }

  @Delete(':id')
  @Access('memories:write')
  @Respond({ summary: 'Forget a memory', description: 'Out of sight at once; it and its history are erased after seven days.', status: 204, errors: [404] })
  async forgetMemory(@Param({ schema: idParam }) { id }: { id: string }): Promise<void> {
    await this.memories.forget(requirePrincipal().id, [id]);
  }
}

function scope(userId = ''): MemoryScope {
  return { ownerId: requirePrincipal().id, userId };
}
