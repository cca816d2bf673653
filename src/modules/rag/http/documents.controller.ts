import { Body, Controller, Delete, Get, Headers, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Idempotency, TakesIdempotencyKey } from '../../../platform/http/idempotency.js';
import { clientGone } from '../../../platform/http/client-gone.js';
import { Idempotent } from '../../../platform/http/idempotency.interceptor.js';
import { asDownload } from '../../../platform/http/download.js';
import { Respond } from '../../../platform/http/respond.js';
import { idParam, toPageStart, type CursorQuery } from '../../../platform/http/schemas.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { DocumentsService } from '../documents.service.js';
import { TextIngestService } from '../text-ingest.service.js';
import { UploadService } from '../upload.service.js';
import { batchDeleteRequest, chunkListQuery, documentListQuery, ingestRequest, updateDocumentRequest, type BatchDeleteRequest, type DocumentListQuery, type IngestRequest, type UpdateDocumentRequest } from './document.request.js';
import {
  batchResponse, chunkPageResponse, contentResponse, documentPageResponse, documentResponse, ingestResponse, toChunkResponse, toDocumentResponse, toIngestResponse, uploadResponse,
} from './document.response.js';
import { contentOf, readUpload, type Upload } from './upload.reader.js';

/** Longest that `wait=true` holds a request; what is not done by then is answered as it stands. */
const longestWaitMs = 120_000;

const uploadBody = {
  schema: {
    type: 'object',
    required: ['files'],
    properties: {
      files: { type: 'array', items: { type: 'string', format: 'binary' }, description: 'One part for each file; its file name tells the format' },
      collection: { type: 'string', description: 'Name or id of a collection; "default" when absent', example: 'handbook' },
      metadata: { type: 'string', description: 'A JSON object, kept with every file', example: '{"department":"finance"}' },
      wait: { type: 'string', enum: ['true', 'false'], description: 'true: answer when all are processed', example: 'true' },
    },
  },
};

@ApiTags('rag')
@Controller('rag')
export class DocumentsController {
  constructor(
    private readonly documents: DocumentsService,
    private readonly texts: TextIngestService,
    private readonly uploads: UploadService,
    private readonly idempotency: Idempotency,
  ) {}

  @Post('ingest')
  @Access('documents:write')
  @Idempotent()
  @Respond({ summary: 'Add a text', description: 'Searchable when this returns. The same text twice in a collection is stored once.', status: 201, body: ingestResponse, errors: [404, 409, 413, 422, 503] })
  async ingestText(@Body({ schema: ingestRequest }) body: IngestRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return toIngestResponse(await this.texts.ingest(body, clientGone(reply)));
  }

  @Post('documents')
  @Access('documents:write')
  @TakesIdempotencyKey()
  @ApiConsumes('multipart/form-data')
  @ApiBody(uploadBody)
  @Respond({
    summary: 'Upload files',
    description: 'txt, md, html, csv, json, pdf, docx, pptx, xlsx, odt, epub, rtf, eml and more. They are on the disk and queued when this answers 202; `GET /rag/documents/{id}` shows the progress. With `wait=true` it answers 200 when they are processed.',
    status: 202,
    body: uploadResponse,
    also: { 200: { description: 'With `wait=true`: all are processed, each `ready` or `failed`', body: uploadResponse } },
    errors: [404, 409, 413, 415],
  })
  async uploadDocuments(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const upload = await readUpload(request, this.uploads);
    try {
      return await this.idempotency.once(request, reply, () => this.submit(upload, reply), contentOf(upload));
    } finally {
      // Those that were not taken over.
      await this.uploads.discard(upload.files);
    }
  }

  private async submit({ files, fields }: Upload, reply: FastifyReply) {
    const receipts = await this.uploads.submit(files, fields);
    const ids = receipts.map(({ documentId }) => documentId);
    const documents = fields.wait ? await this.documents.waitForAll(ids, longestWaitMs) : await this.documents.getMany(ids);
    const byId = new Map(documents.map((document) => [document.id, document]));
    const done = documents.every(({ status }) => status === 'ready' || status === 'failed');
    if (fields.wait && done) void reply.status(200);
    return {
      items: receipts.map(({ documentId, taskId, filename, duplicate }) => ({
        doc_id: documentId, task_id: taskId, filename, duplicate, status: byId.get(documentId)?.status ?? 'queued', error: byId.get(documentId)?.error ?? null,
      })),
    };
  }

  @Get('documents')
  @Access('documents:read')
  @Respond({ summary: 'List documents', description: 'Newest first.', body: documentPageResponse })
  async listDocuments(@Query({ schema: documentListQuery }) { page, page_size, cursor, ...filter }: DocumentListQuery) {
    const { items, total, nextCursor } = await this.documents.list(filter, toPageStart({ cursor, page, page_size }));
    return { items: items.map(toDocumentResponse), total, page, page_size, next_cursor: nextCursor };
  }

  @Post('documents/batch-delete')
  @Access('documents:write')
  @Respond({ summary: 'Delete many documents', body: batchResponse, also: { 207: { description: 'Some were not there; the others are deleted', body: batchResponse } } })
  async deleteDocuments(@Body({ schema: batchDeleteRequest }) { items: ids }: BatchDeleteRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const results = await this.documents.removeMany(ids);
    const succeeded = results.filter(({ removed }) => removed).length;
    if (succeeded < results.length) void reply.status(207);
    return {
      items: results.map(({ id, removed }, index) => ({ index, doc_id: id, status: removed ? ('deleted' as const) : ('not_found' as const) })),
      succeeded,
      failed: results.length - succeeded,
    };
  }

  @Get('documents/:id')
  @Access('documents:read')
  @Respond({ summary: 'One document', body: documentResponse, errors: [404] })
  async getDocument(@Param({ schema: idParam }) { id }: { id: string }) {
    return toDocumentResponse(await this.documents.get(id));
  }

  @Patch('documents/:id')
  @Access('documents:write')
  @Respond({
    summary: 'Change what is said about a document',
    description: 'Its collection, metadata and source; searches show it when this returns. Chunks stay as they are. The title is part of what is searched: to change it, send the document again.',
    body: documentResponse,
    errors: [404, 409],
  })
  async updateDocument(@Param({ schema: idParam }) { id }: { id: string }, @Body({ schema: updateDocumentRequest }) change: UpdateDocumentRequest) {
    return toDocumentResponse(await this.documents.update(id, change));
  }

  @Get('documents/:id/chunks')
  @Access('documents:read')
  @Respond({ summary: 'Chunks of a document', description: 'In order; `start` and `end` are offsets into its content.', body: chunkPageResponse, errors: [404] })
  async listDocumentChunks(@Param({ schema: idParam }) { id }: { id: string }, @Query({ schema: chunkListQuery }) query: CursorQuery) {
    const { items, total, nextCursor } = await this.documents.chunks(id, toPageStart(query));
    return { items: items.map(toChunkResponse), total, page: query.page, page_size: query.page_size, next_cursor: nextCursor };
  }

  @Get('documents/:id/content')
  @Access('documents:read')
  @Respond({ summary: 'The text of a document', description: 'All offsets of chunks and citations count in this text.', body: contentResponse, errors: [404, 409] })
  async getDocumentContent(@Param({ schema: idParam }) { id }: { id: string }) {
    const content = await this.documents.content(id);
    return { doc_id: id, content, length: content.length };
  }

  @Get('documents/:id/file')
  @Access('documents:read')
  @Respond({ summary: 'The original of a document', description: 'The file as it was uploaded, or the text as it was sent; always as a download, with the media type that was detected.', download: true, errors: [404, 409] })
  async downloadDocument(@Param({ schema: idParam }) { id }: { id: string }, @Headers('if-none-match') known: string | undefined, @Res({ passthrough: true }) reply: FastifyReply) {
    const { name, mime, version, open } = await this.documents.original(id);
    const etag = `W/"${version}"`;
    void reply.header('etag', etag);
    if (known === etag) {
      void reply.status(304);
      return undefined;
    }
    const { content, bytes } = await open();
    return asDownload(reply, { content, bytes, name, mime });
  }

  @Delete('documents/:id')
  @Access('documents:write')
  @Respond({ summary: 'Delete a document', description: 'With its chunks, vectors, file and cached results.', status: 204, errors: [404] })
  async deleteDocument(@Param({ schema: idParam }) { id }: { id: string }): Promise<void> {
    await this.documents.remove(id);
  }
}
