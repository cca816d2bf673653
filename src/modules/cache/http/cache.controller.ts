import { Controller, Delete, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Respond } from '../../../platform/http/respond.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { CacheService } from '../cache.service.js';
import type { DropSelector } from '../cache.types.js';
import { cacheKeysQuery, type CacheKeysQuery, dropCacheQuery, type DropCacheQuery } from './cache.request.js';
import { cacheKeyPageResponse, cacheStatsResponse, droppedResponse, toCacheKey, toNamespaceStats } from './cache.response.js';

@ApiTags('cache')
@Controller('cache')
export class CacheController {
  constructor(private readonly cache: CacheService) {}

  @Get('stats')
  @Access('cache:read')
  @Respond({ summary: 'Cache statistics', description: 'Of your tenant, by namespace, since the answering process started.', body: cacheStatsResponse })
  getCacheStats() {
    return { namespaces: this.cache.stats().map(toNamespaceStats), max_bytes: this.cache.maxBytes };
  }

  @Get('keys')
  @Access('cache:read')
  @Respond({ summary: 'List cache keys', description: 'Of your tenant, in the answering process.', body: cacheKeyPageResponse })
  listCacheKeys(@Query({ schema: cacheKeysQuery }) { pattern, namespace, page, page_size }: CacheKeysQuery) {
    const { items, total, complete } = this.cache.keys({ pattern, namespace, page, pageSize: page_size });
    return { items: items.map(toCacheKey), total, page, page_size, complete };
  }

  @Delete()
  @Access('cache:write')
  @Respond({ summary: 'Drop cache entries', description: 'Of your tenant, on every process: by exactly one of tag, key and namespace.', body: droppedResponse })
  async dropCache(@Query({ schema: dropCacheQuery }) query: DropCacheQuery) {
    return { dropped: await this.cache.drop(query as DropSelector) };
  }
}
