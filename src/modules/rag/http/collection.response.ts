import { z } from 'zod';
import { fitSettings } from '#libs/chunking';
import { pageOf, timestamp, uuid } from '../../../platform/http/schemas.js';
import type { CollectionView } from '../rag.types.js';

export const collectionResponse = z
  .object({
    id: uuid,
    name: z.string(),
    description: z.string().nullable(),
    chunking: z.object({ max_tokens: z.int(), overlap_tokens: z.int(), min_tokens: z.int() }),
    embedding: z.object({ model: z.string(), dimensions: z.int() }).describe('The same for all collections of the installation'),
    document_count: z.int(),
    reprocessing: z.int().describe('Documents that wait to be processed anew, or are'),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({
    id: 'Collection',
    example: { id: '019aa4c5-8a52-7c3e-9f34-0242ac120002', name: 'handbook', description: null, chunking: { max_tokens: 320, overlap_tokens: 64, min_tokens: 80 }, embedding: { model: 'lexical', dimensions: 1024 }, document_count: 12, reprocessing: 0, created_at: '2026-11-21T10:00:00.000Z', updated_at: '2026-11-21T10:00:00.000Z' },
  });

export const reprocessResponse = z.object({ queued: z.int().describe('Those that wait already are not counted again') }).meta({ id: 'ReprocessingReceipt', example: { queued: 12 } });

export const collectionPageResponse = pageOf(collectionResponse).meta({ id: 'CollectionPage' });

export function toCollectionResponse(view: CollectionView, embedding: { model: string; dimensions: number }): z.infer<typeof collectionResponse> {
  const { maxTokens, overlapTokens, minTokens } = fitSettings(view.chunking);
  return {
    id: view.id, name: view.name, description: view.description, chunking: { max_tokens: maxTokens, overlap_tokens: overlapTokens, min_tokens: minTokens },
    embedding, document_count: view.documentCount, reprocessing: view.reprocessing, created_at: view.createdAt.toISOString(), updated_at: view.updatedAt.toISOString(),
  };
}
