import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Idempotent } from '../../../platform/http/idempotency.interceptor.js';
import { Respond } from '../../../platform/http/respond.js';
import { idParam, pageQuery, type PageQuery } from '../../../platform/http/schemas.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { CollectionsService } from '../collections.service.js';
import { createCollectionRequest, toChunkingSettings, updateCollectionRequest, type CreateCollectionRequest, type UpdateCollectionRequest } from './collection.request.js';
import { collectionPageResponse, collectionResponse, reprocessResponse, toCollectionResponse } from './collection.response.js';

@ApiTags('rag')
@Controller('rag/collections')
export class CollectionsController {
  constructor(private readonly collections: CollectionsService) {}

  @Post()
  @Access('documents:write')
  @Idempotent()
  @Respond({ summary: 'Create a collection', status: 201, body: collectionResponse, errors: [409] })
  async createCollection(@Body({ schema: createCollectionRequest }) { name, description, chunking }: CreateCollectionRequest) {
    return toCollectionResponse(await this.collections.create(name, description, chunking && toChunkingSettings(chunking)), this.collections.embeddedBy);
  }

  @Get()
  @Access('documents:read')
  @Respond({ summary: 'List collections', body: collectionPageResponse })
  async listCollections(@Query({ schema: pageQuery }) { page, page_size }: PageQuery) {
    const { items, total } = await this.collections.list(page, page_size);
    return { items: items.map((item) => toCollectionResponse(item, this.collections.embeddedBy)), total, page, page_size };
  }

  @Get(':id')
  @Access('documents:read')
  @Respond({ summary: 'One collection', body: collectionResponse, errors: [404] })
  async getCollection(@Param({ schema: idParam }) { id }: { id: string }) {
    return toCollectionResponse(await this.collections.get(id), this.collections.embeddedBy);
  }

  @Patch(':id')
  @Access('documents:write')
  @Respond({ summary: 'Change a collection', description: 'New chunking settings apply to documents that come after; `POST …/reprocess` applies them to the others.', body: collectionResponse, errors: [404, 409] })
  async updateCollection(@Param({ schema: idParam }) { id }: { id: string }, @Body({ schema: updateCollectionRequest }) { chunking, ...change }: UpdateCollectionRequest) {
    return toCollectionResponse(await this.collections.update(id, { ...change, ...(chunking ? { chunking: toChunkingSettings(chunking) } : {}) }), this.collections.embeddedBy);
  }

  @Post(':id/reprocess')
  @Access('documents:write')
  @Respond({ summary: 'Process the documents of a collection anew', description: 'Ready documents are parsed and chunked again with the present settings, in the background. They keep their ids and are found as they are until that is done; `reprocessing` of the collection tells how many are left.', status: 202, body: reprocessResponse, errors: [404] })
  async reprocessCollection(@Param({ schema: idParam }) { id }: { id: string }) {
    return { queued: await this.collections.reprocess(id) };
  }

  @Delete(':id')
  @Access('documents:write')
  @Respond({ summary: 'Delete an empty collection', status: 204, errors: [404, 409] })
  async deleteCollection(@Param({ schema: idParam }) { id }: { id: string }): Promise<void> {
    await this.collections.remove(id);
  }
}
