import { Injectable, OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { ToolRegistry } from '../engine/tool.registry.js';
import { StatsService } from './stats.service.js';
import { endpointSorts, intervals, metrics } from './stats.types.js';

const mostEndpoints = 20;

const input = z.object({
  report: z.enum(['overview', 'endpoints', 'timeseries']).describe('timeseries: one metric over time'),
  window: z.string().regex(/^[1-9]\d{0,5}[mhd]$/).default('24h').describe('Until now, e.g. 90m, 24h or 7d'),
  metric: z.enum(metrics).default('requests').describe('Of a timeseries'),
  interval: z.enum(intervals).default('hour').describe('Of a timeseries'),
  endpoint: z.string().min(1).max(255).optional().describe('Of a timeseries: only this route'),
  sort: z.enum(endpointSorts).default('requests').describe('Of endpoints'),
});

/** What language models may ask of the statistics. */
@Injectable()
export class StatisticsTool implements OnModuleInit {
  constructor(
    private readonly tools: ToolRegistry,
    private readonly stats: StatsService,
  ) {}

  onModuleInit(): void {
    this.tools.register({
      name: 'query_statistics',
      description: 'Tells how the API of this service was used by the user\'s organisation: requests, errors, durations in ms, cache hits.',
      permission: 'analytics:read',
      arguments: input,
      run: (query) => this.query(query),
    });
  }

  private async query({ report, window, metric, interval, endpoint, sort }: z.infer<typeof input>): Promise<unknown> {
    if (report === 'overview') return this.stats.overview({ window });
    if (report === 'endpoints') return this.stats.endpoints({ window, sort, page: 1, pageSize: mostEndpoints });
    const points = await this.stats.timeseries({ window, metric, interval, endpoint });
    // Without a time at each point: a hundred days of hours fit into a result.
    return { metric, interval, from: points[0]?.timestamp, values: points.map(({ value }) => value && Number(value.toPrecision(6))) };
  }
}
