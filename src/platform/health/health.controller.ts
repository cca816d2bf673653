import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { HealthCheckService, type HealthIndicatorFunction } from '@nestjs/terminus';
import { z } from 'zod';
import { Respond } from '../http/respond.js';
import { Public } from '../security/access.decorators.js';
import { HealthRegistry } from './health.registry.js';

const detail = z.record(z.string(), z.object({ status: z.enum(['up', 'degraded', 'down']) }).catchall(z.unknown()));
const healthResponse = z
  .object({ status: z.enum(['ok', 'degraded', 'error', 'shutting_down']).describe('`degraded`: traffic can be served, if less well; `details` says what is impaired'), info: detail.nullable().optional(), error: detail.nullable().optional(), details: detail })
  .meta({ id: 'Health', example: { status: 'ok', info: { database: { status: 'up', took_ms: 1 } }, error: {}, details: { database: { status: 'up', took_ms: 1 } } } });

const complete = { status: 'ok' as const, info: {}, error: {}, details: {} };
const notReady = { 503: { description: 'Not yet, not now, or on the way down: `error` says why', body: healthResponse } };

/** Probes for orchestrators. Live: the process answers. Ready: send traffic. Startup: the start is complete. */
@ApiTags('health')
@Controller('health')
@Public()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly registry: HealthRegistry,
  ) {}

  @Get('live')
  @Respond({ summary: 'Is the process alive?', description: 'Never asks a dependency: a database that is down is no reason to restart this process.', body: healthResponse })
  getLiveness() {
    return complete;
  }

  @Get('ready')
  @Respond({ summary: 'May it be sent traffic?', description: 'Each dependency with its state; 503 while one is `down` or the process is draining. `degraded` is no reason to send no traffic: something is impaired that answers do without.', body: healthResponse, also: notReady })
  getReadiness() {
    return this.health.check(this.registry.checks() as HealthIndicatorFunction[]);
  }

  @Get('startup')
  @Respond({ summary: 'Has it finished starting?', description: 'The port opens when the start is complete: from then on the answer is yes, whatever becomes of a dependency.', body: healthResponse })
  getStartup() {
    return complete;
  }
}
