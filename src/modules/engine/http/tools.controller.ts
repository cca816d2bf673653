import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { clientGone } from '../../../platform/http/client-gone.js';
import { Respond } from '../../../platform/http/respond.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { ToolNotFoundError } from '../engine.errors.js';
import { ToolService } from '../tool.service.js';
import { runToolRequest, toolParam, type RunToolRequest } from './tool.request.js';
import { toolsResponse, toolTrialResponse, toToolResponse, toToolTrialResponse } from './tool.response.js';

@ApiTags('tools')
@Controller('v1/tools')
@Access('answers:ask')
export class ToolsController {
  constructor(private readonly tools: ToolService) {}

  @Get()
  @Respond({ summary: 'List the tools', description: 'What a language model may have done for it while it answers. It is offered those that the key may use and the personality names.', body: toolsResponse })
  listTools() {
    return { items: this.tools.list().map(toToolResponse) };
  }

  @Post(':name/run')
  @Respond({
    summary: 'Try a tool',
    description: 'Runs it as for a model: the same checks, time-out and limit on the result. Where a model would read `{error: {code, message}}`, the answer is a Problem with that code: arguments that do not fit are 400, a permission that the key lacks 403, a tool that is not done in time 504.',
    body: toolTrialResponse,
    errors: [404, 504],
  })
  async runTool(@Param({ schema: toolParam }) { name }: { name: string }, @Body({ schema: runToolRequest }) body: RunToolRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    if (!this.tools.has(name)) throw new ToolNotFoundError(name);
    return toToolTrialResponse(name, await this.tools.tryOut({ id: uuidv7(), name, arguments: JSON.stringify(body.arguments) }, clientGone(reply)));
  }
}
