import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Respond } from '../../../platform/http/respond.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { EngineService } from '../engine.service.js';
import { EngineNotFoundError } from '../engine.errors.js';
import { engineParam, minutesIn, performanceQuery, type PerformanceQuery, switchEngineRequest, type SwitchEngineRequest } from './engine.request.js';
import { performanceResponse, toPerformanceResponse } from './engine-performance.response.js';
import { currentEngineResponse, engineHealthResponse, enginesResponse, switchedEngineResponse, toEngineResponse, toHealthResponse } from './engine.response.js';

@ApiTags('engines')
@Controller('v1/engines')
export class EnginesController {
  constructor(private readonly engines: EngineService) {}

  @Get()
  @Access('engines:read')
  @Respond({ summary: 'List the engines', description: 'In the order in which they stand in for each other; the first one is the default of the installation.', body: enginesResponse })
  async listEngines() {
    return { items: (await this.engines.list()).map(toEngineResponse) };
  }

  @Get('current')
  @Access('engines:read')
  @Respond({ summary: 'The engine in use', description: 'It answers whatever names no engine of its own.', body: currentEngineResponse })
  async getCurrentEngine() {
    const { name, model, source } = await this.engines.current();
    return { engine: name, model, source };
  }

  @Post('switch')
  @Access('engines:manage')
  @Respond({
    summary: 'Switch the engine',
    description: 'For the whole tenant: here when it answers, on all other processes within a second, without a restart. Answers under way finish where they began. Kept in the audit trail.',
    body: switchedEngineResponse,
  })
  switchEngine(@Body({ schema: switchEngineRequest }) { engine }: SwitchEngineRequest) {
    return this.engines.switchTo(engine);
  }

  @Get('performance')
  @Access('engines:read')
  @Respond({ summary: 'Figures of the engines', description: 'Time, tokens and cost of what the engines wrote for the tenant, on all processes: by engine and model, and the newest 50 runs. Figures are of whole minutes, percentiles within 5 % of the exact ones.', body: performanceResponse })
  async getEnginePerformance(@Query({ schema: performanceQuery }) { window }: PerformanceQuery) {
    return toPerformanceResponse(window, await this.engines.performance(minutesIn(window)));
  }

  @Get(':name/health')
  @Access('engines:read')
  @Respond({ summary: 'Health of an engine', description: 'Asked now: of an engine with a language model, whether its server answers.', body: engineHealthResponse, errors: [404] })
  async checkEngineHealth(@Param({ schema: engineParam }) { name }: { name: string }) {
    if (!this.engines.names.includes(name)) throw new EngineNotFoundError(name);
    return toHealthResponse(name, await this.engines.state(name));
  }
}
