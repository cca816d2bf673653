import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Respond } from '../../../platform/http/respond.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { UsageService } from '../usage.service.js';
import { usageQuery, type UsageQuery } from './usage.request.js';
import { toUsagePageResponse, usagePageResponse } from './usage.response.js';

@ApiTags('analytics')
@Controller('analytics')
export class UsageController {
  constructor(private readonly usages: UsageService) {}

  @Get('usage')
  @Access('analytics:read')
  @Respond({
    summary: 'Tokens and cost by key, user, model, engine or purpose',
    description:
      'The dearest first. What engines answered with and what the language model did in the background (`memory`: finding out what to remember; `summary`: long conversations), on all processes, of the own tenant; ' +
      'embeddings are not counted. Kept for 400 days. The window is 30 days unless told, widened to whole hours, or to whole days (UTC) if it begins over 35 days ago. Prices are those of ENGINE_PRICES at the time of each run.',
    body: usagePageResponse,
  })
  async getUsage(@Query({ schema: usageQuery }) { group_by: groupBy, page_size: pageSize, ...query }: UsageQuery) {
    return toUsagePageResponse(query.page, pageSize, await this.usages.usage({ ...query, groupBy, pageSize }));
  }
}
