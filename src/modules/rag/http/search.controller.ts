import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Respond } from '../../../platform/http/respond.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { RagStatsService } from '../rag-stats.service.js';
import { RetrievalService } from '../retrieval.service.js';
import type { WrittenSearch } from '../rag.types.js';
import { toDocumentScope } from './scope.request.js';
import { ragStatsResponse, toRagStatsResponse } from './rag-stats.response.js';
import { batchSearchRequest, searchQuery, searchRequest, type BatchSearchRequest, type SearchRequestBody } from './search.request.js';
import { batchSearchResponse, searchResponse, toFailedSearch } from './search.response.js';
import { writeBatch, writeItems, writeSearch } from './search.writer.js';

/** Bytes of the longest query and filter, with every character escaped. A body is parsed before anything looks at it: millions of empty lists take long. */
const longestSearch = 160 * 1024;

const json = 'application/json; charset=utf-8';

@ApiTags('rag')
@Controller('rag')
export class SearchController {
  constructor(
    private readonly retrieval: RetrievalService,
    private readonly stats: RagStatsService,
  ) {}

  @Get('search')
  @Access('search:query')
  @Respond({ summary: 'Search', description: 'Passages by meaning of words, Chinese and English. `X-Cache` says whether the result was remembered.', body: searchResponse, errors: [404], cached: true })
  async searchPassages(@Query({ schema: searchQuery }) query: SearchRequestBody, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.answer(query, reply);
  }

  @Post('search')
  @RouteConfig({ bodyLimit: longestSearch })
  @Access('search:query')
  @Respond({ summary: 'Search, with structured filters', description: 'Like `GET /rag/search`; the filter is an object.', body: searchResponse, errors: [404], cached: true })
  async queryPassages(@Body({ schema: searchRequest }) body: SearchRequestBody, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.answer(body, reply);
  }

  @Post('search/batch')
  @Access('search:query')
  @Respond({
    summary: 'Several searches at once',
    description: 'Results in the order of the queries. One that fails leaves the others alone: its place has an `error`.',
    body: batchSearchResponse,
    also: { 207: { description: 'Some failed', body: batchSearchResponse } },
  })
  async searchPassagesBatch(@Body({ schema: batchSearchRequest }) { queries }: BatchSearchRequest, @Req() { id }: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const results: Buffer[] = [];
    let failed = false;
    // One after the other: each is CPU work on the same thread, and a batch must not hold the others up.
    for (const query of queries) {
      try {
        results.push(writeSearch(await this.find(query)));
      } catch (error) {
        failed = true;
        results.push(Buffer.from(JSON.stringify(toFailedSearch(error, id))));
      }
    }
    void reply.status(failed ? 207 : 200).type(json);
    return writeBatch(results);
  }

  @Get('stats')
  @Access('documents:read')
  @Respond({ summary: 'What is stored and indexed', body: ragStatsResponse })
  async getRagStats() {
    return toRagStatsResponse(await this.stats.get());
  }

  private async answer(query: SearchRequestBody, reply: FastifyReply) {
    const answer = await this.find(query);
    // Weak: `took_ms` differs from answer to answer.
    void reply.header('x-cache', answer.cache).header('etag', `W/"${answer.version}"`).type(json);
    return writeSearch(answer);
  }

  private find({ query, top_k, mode, min_seq, ...scope }: SearchRequestBody): Promise<WrittenSearch> {
    return this.retrieval.searchWritten({ query, topK: top_k, mode, ...toDocumentScope(scope), minSeq: min_seq }, writeItems);
  }
}
