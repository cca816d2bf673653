import { Body, Controller, Post, Res, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { clientGone } from '../../../platform/http/client-gone.js';
import { Respond } from '../../../platform/http/respond.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { TextEmbeddingService } from '../text-embedding.service.js';
import { embeddingRequest, type EmbeddingRequestBody } from './embedding.request.js';
import { embeddingJson, embeddingResponse } from './embedding.response.js';

@ApiTags('openai')
@Controller('v1/embeddings')
@Access('search:query')
export class EmbeddingsController {
  constructor(private readonly embeddings: TextEmbeddingService) {}

  @Post()
  @Respond({ summary: 'Embed texts in the OpenAI form', description: 'The vectors that this installation searches with.', body: embeddingResponse, errors: [404, 503] })
  async createEmbeddings(@Body({ schema: embeddingRequest }) { model, input, encoding_format, dimensions }: EmbeddingRequestBody, @Res({ passthrough: true }) reply: FastifyReply) {
    const embedded = await this.embeddings.embed(model, typeof input === 'string' ? [input] : input, dimensions ?? undefined, clientGone(reply));
    return new StreamableFile(Readable.from(embeddingJson(embedded, encoding_format ?? 'float')), { type: 'application/json; charset=utf-8' });
  }
}
