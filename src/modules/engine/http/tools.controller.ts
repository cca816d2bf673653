import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { v7 as uuidv7 } from 'uuid';
import { Respond } from '../../../platform/http/respond.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { ToolNotFoundError } from '../engine.errors.js';
import { ToolService } from '../tool.service.js';
import { runToolRequest, toolParam, type RunToolRequest } from './tool.request.js';
import { toolRunResponse, toolsResponse, toToolResponse, toToolRunResponse } from './tool.response.js';

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
    description: 'Runs it as for a model: the same checks, time-out and limit on the result. What goes wrong with the call is in `result.error`, as a model reads it.',
    body: toolRunResponse,
    errors: [404],
  })
  async runTool(@Param({ schema: toolParam }) { name }: { name: string }, @Body({ schema: runToolRequest }) body: RunToolRequest) {
    if (!this.tools.has(name)) throw new ToolNotFoundError(name);
    return toToolRunResponse(await this.tools.run({ id: uuidv7(), name, arguments: JSON.stringify(body.arguments) }));
  }
}
