import { z } from 'zod';
import { deepestJson, nestsDeeper } from '../../../platform/http/json-depth.js';
import { boundedText, cursorQuery, metadata, nonEmptyText, uuid, uuidCursorQuery } from '../../../platform/http/schemas.js';
import { onlyCollection } from './scope.request.js';

/** Parsing a larger JSON body would hold the event loop for tens of milliseconds; files are streamed. */
const mostCharacters = 1_000_000;

export const collectionName = nonEmptyText(255).describe('Name or id of a collection; "default" when absent').meta({ example: 'handbook' });

export const ingestRequest = z
  .strictObject({
    text: nonEmptyText(mostCharacters).describe('Plain text or Markdown, at most a million characters; upload more as a file').meta({ example: 'The cache hit rate must stay above seventy percent.' }),
    title: nonEmptyText(1000).optional().meta({ example: 'Operating targets' }),
    source: boundedText(2000).optional().describe('Where it comes from, e.g. a URL').meta({ example: 'https://wiki.example.com/targets' }),
    collection: collectionName.optional(),
    metadata: metadata.optional(),
  })
  .meta({
    id: 'IngestRequest',
    example: { text: 'The cache hit rate must stay above seventy percent.', title: 'Operating targets', source: 'https://wiki.example.com/targets', metadata: { department: 'it', year: 2026 } },
  });

export const updateDocumentRequest = z
  .strictObject({
    collection: collectionName.optional(),
    metadata: metadata.optional().describe('In place of all that was there'),
    source: boundedText(2000).nullable().optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'names nothing to change')
  .meta({ id: 'UpdateDocumentRequest', example: { metadata: { department: 'it', year: 2027 } } });

export type UpdateDocumentRequest = z.infer<typeof updateDocumentRequest>;

export type IngestRequest = z.infer<typeof ingestRequest>;

export const documentListQuery = uuidCursorQuery.extend({
  status: z.enum(['queued', 'processing', 'ready', 'failed']).optional().describe('Only documents in this state'),
  collection: onlyCollection.optional(),
  analyser: z.enum(['current', 'outdated']).optional().describe('Only ready documents whose terms were made by the present version of the text analysis, or by another'),
  q: nonEmptyText(200).optional().describe('Part of title, source or file name').meta({ example: 'targets' }),
});

/** By their ordinals. */
export const chunkListQuery = cursorQuery(z.string().regex(/^\d{1,9}$/, 'must be a next_cursor of this list'), '19');

export type DocumentListQuery = z.infer<typeof documentListQuery>;

export const batchDeleteRequest = z.strictObject({ items: z.array(uuid).min(1).max(1000).describe('Document ids') }).meta({ id: 'BatchDeleteRequest', example: { items: ['019aa4c5-8a52-7c3e-9f34-0242ac120002', '019aa4c5-8a52-7c3e-9f34-0242ac120003'] } });

export type BatchDeleteRequest = z.infer<typeof batchDeleteRequest>;

/** Fields of an upload beside its files. */
export const uploadFields = z.object({
  collection: collectionName.optional(),
  metadata: z
    .string()
    .max(16_384)
    .refine((text) => !nestsDeeper(Buffer.from(text), deepestJson), `must not nest deeper than ${deepestJson} levels`)
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'must be JSON' });
        return z.NEVER;
      }
    })
    .pipe(metadata)
    .optional(),
  wait: z
    .enum(['true', 'false', '1', '0'])
    .transform((value) => value === 'true' || value === '1')
    .optional(),
});

export type UploadFields = z.infer<typeof uploadFields>;
