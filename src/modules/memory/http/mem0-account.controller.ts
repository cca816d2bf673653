import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { z } from 'zod';
import { Access, SignedIn } from '../../../platform/security/access.decorators.js';
import { requirePrincipal } from '../../../platform/tenancy/tenant-context.js';
import { Mem0ClientService } from '../mem0-client.service.js';
import { MemoryService } from '../memory.service.js';
import { mem0BatchDeleteRequest, mem0BatchUpdateRequest, mem0EntityParam, mem0FeedbackRequest, toMem0Scope } from './mem0.request.js';
import { toMem0Entity } from './mem0.response.js';

/** The mem0 platform beside adding, listing and searching: batches, feedback, entities, ping. */
@ApiExcludeController()
@Controller('mem0')
export class Mem0AccountController {
  constructor(
    private readonly memories: MemoryService,
    private readonly clients: Mem0ClientService,
  ) {}

  @Get('v1/ping')
  @SignedIn()
  ping() {
    return { status: 'ok' };
  }

  /** All or none: an id that is not the caller's ends it. */
  @Put('v1/batch')
  @Access('memories:write')
  async updateMany(@Body({ schema: mem0BatchUpdateRequest }) { memories }: z.infer<typeof mem0BatchUpdateRequest>) {
    await this.memories.updateAll(requirePrincipal().id, new Map(memories.map(({ memory_id, text }) => [memory_id.toLowerCase(), text])));
    return { message: `Successfully updated ${memories.length} memories` };
  }

  @Delete('v1/batch')
  @Access('memories:write')
  async removeMany(@Body({ schema: mem0BatchDeleteRequest }) { memories }: z.infer<typeof mem0BatchDeleteRequest>) {
    const ids = [...new Set(memories.map(({ memory_id }) => memory_id.toLowerCase()))];
    await this.memories.forget(requirePrincipal().id, ids);
    return { message: `Successfully deleted ${ids.length} memories` };
  }

  @Post('v1/feedback')
  @HttpCode(200)
  @Access('memories:write')
  async feedback(@Body({ schema: mem0FeedbackRequest }) { memory_id, feedback, feedback_reason }: z.infer<typeof mem0FeedbackRequest>) {
    await this.clients.judge(requirePrincipal().id, memory_id, { feedback: feedback ?? null, reason: feedback_reason ?? null });
    return { message: 'Feedback recorded', memory_id, feedback: feedback ?? null, feedback_reason: feedback_reason ?? null };
  }

  @Get('v1/entities')
  @Access('memories:read')
  async entities() {
    const results = (await this.clients.entities(requirePrincipal().id)).map(toMem0Entity);
    return { count: results.length, total_users: results.filter(({ type }) => type === 'user').length, next: null, previous: null, results };
  }

  @Delete('v2/entities/:type/:name')
  @Access('memories:write')
  async removeEntity(@Param({ schema: mem0EntityParam }) { type, name }: z.infer<typeof mem0EntityParam>) {
    await this.memories.forgetAll(toMem0Scope({ [`${type}_id`]: name }));
    return { message: 'Entity deleted successfully!' };
  }
}
