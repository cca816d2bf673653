import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Respond } from '../../../platform/http/respond.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { WebSockets } from '../../../platform/websocket/web-sockets.js';
import { DashboardService } from '../dashboard.service.js';
import { frameResponse, toFrameResponse } from './dashboard.response.js';
import { FrameWriter } from './frame.writer.js';

const description =
  'Requests, engines and queues are those of the tenant on all processes, up to half a second behind; `system` is the process that answers. ' +
  '`WS /ws/dashboard` sends the same every second, to whom may call this route: with the same headers, or from a page with the subprotocols `ai-stack.v1` and `bearer.<key or token>`. ' +
  'It is closed with 3000 when the key or token ends and with 1001 when the server stops; whoever reads slowly misses frames and then gets the newest.';

@ApiTags('dashboard')
@Controller()
export class DashboardController {
  constructor(
    private readonly dashboard: DashboardService,
    private readonly sockets: WebSockets,
    private readonly frames: FrameWriter,
  ) {}

  @Get('v1/dashboard/realtime')
  @Access('dashboard:read')
  @Respond({ summary: 'The figures of this moment', description, body: frameResponse })
  async getRealtimeDashboard() {
    return toFrameResponse(await this.dashboard.sample());
  }

  /** No operation of the OpenAPI document, which has no word for WebSockets: the route above describes it. */
  @Get('ws/dashboard')
  @Access('dashboard:read')
  @ApiExcludeEndpoint()
  watchDashboard(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const socket = this.sockets.accept(request, reply);
    if (socket) this.frames.add(socket);
  }
}
