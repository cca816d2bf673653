import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Respond } from '../../../platform/http/respond.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { StatsService } from '../stats.service.js';
import { endpointsQuery, overviewQuery, timeseriesQuery, type EndpointsQuery, type OverviewQuery, type TimeseriesQuery } from './stats.request.js';
import {
  endpointPageResponse,
  overviewResponse,
  timeseriesResponse,
  toEndpointResponse,
  toOverviewResponse,
  toTimeseriesResponse,
  toWindowResponse,
} from './stats.response.js';

const scope =
  'Of the own tenant only; requests without a valid key count for the tenant `default`. Health probes (`/health/*`) and `/metrics` are not recorded. ' +
  'Errors are answers with a status of 400 or above. Percentiles come from logarithmic histograms and are within 5 % of the exact ones. ' +
  'Other processes on the same database are up to about half a second behind.';

@ApiTags('analytics')
@Controller('analytics')
export class StatsController {
  constructor(private readonly stats: StatsService) {}

  @Get('overview')
  @Access('analytics:read')
  @Respond({ summary: 'Requests, errors, latency and cache hits of a window', description: `A request counts on arrival, this one included. ${scope}`, body: overviewResponse })
  async getAnalyticsOverview(@Query({ schema: overviewQuery }) query: OverviewQuery) {
    return toOverviewResponse(await this.stats.overview(query));
  }

  @Get('timeseries')
  @Access('analytics:read')
  @Respond({
    summary: 'One metric over time',
    description: `At most 2,000 points; intervals below an hour reach 35 days back, 3 days for a single endpoint. The window is 24 hours unless told, 30 days with \`interval=day\`. ${scope}`,
    body: timeseriesResponse,
  })
  async getAnalyticsTimeseries(@Query({ schema: timeseriesQuery }) query: TimeseriesQuery) {
    return toTimeseriesResponse(query, await this.stats.timeseries(query));
  }

  @Get('endpoints')
  @Access('analytics:read')
  @Respond({ summary: 'Statistics by endpoint', description: `One row for each route pattern and method that was asked for. ${scope}`, body: endpointPageResponse })
  async listEndpointStatistics(@Query({ schema: endpointsQuery }) query: EndpointsQuery) {
    const { items, total, window } = await this.stats.endpoints({ ...query, pageSize: query.page_size });
    return { items: items.map(toEndpointResponse), total, page: query.page, page_size: query.page_size, window: toWindowResponse(window) };
  }
}
