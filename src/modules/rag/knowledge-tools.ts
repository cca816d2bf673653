import { Injectable, OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { ToolRegistry } from '../engine/tool.registry.js';
import { DocumentsService } from './documents.service.js';
import { DocumentNotFoundError } from './rag.errors.js';
import { RetrievalService } from './retrieval.service.js';

const mostPassages = 10;
/** All passages together: small models have little room for the results of tools. */
const passageCharacters = 4_500;
const longestExcerpt = 8_000;

/** What language models may look up in the tenant's documents. */
@Injectable()
export class KnowledgeTools implements OnModuleInit {
  constructor(
    private readonly tools: ToolRegistry,
    private readonly retrieval: RetrievalService,
    private readonly documents: DocumentsService,
  ) {}

  onModuleInit(): void {
    this.tools.register({
      name: 'search_knowledge',
      description: 'Searches the documents of the user\'s organisation, by words and by meaning. Search again with other words when the passages do not help. read_document reads on where a passage stands.',
      permission: 'search:query',
      arguments: z.object({
        query: z.string().trim().min(1).max(2_000).describe('Words or a question'),
        collection: z.string().min(1).max(255).optional().describe('Only this one, by name or id'),
        top_k: z.int().min(1).max(mostPassages).default(5).describe('Most passages'),
      }),
      run: async ({ query, collection, top_k }, { documents: { filter, collections = collection === undefined ? undefined : [collection] } = {} }) => {
        const { items } = await this.retrieval.search({ query, topK: top_k, mode: 'hybrid', collections, filter });
        const most = Math.floor(passageCharacters / Math.max(items.length, 1));
        return { passages: items.map(({ title, documentId, page, start, text }) => ({ title, doc_id: documentId, page, start, text: shortened(text, most) })) };
      },
    });
    this.tools.register({
      name: 'read_document',
      description: 'Reads a part of a document that search_knowledge has found.',
      permission: 'documents:read',
      arguments: z.object({
        doc_id: z.uuid(),
        start: z.int().min(0).default(0).describe('First character, from 0'),
        length: z.int().min(1).max(longestExcerpt).default(4_000).describe('Most characters'),
      }),
      run: async ({ doc_id, start, length }, { documents }) => {
        if (documents && !(await this.retrieval.admits(documents, await this.documents.get(doc_id)))) throw new DocumentNotFoundError(doc_id);
        const { title, text, total } = await this.documents.excerpt(doc_id, start, length);
        return { title, start, text, total };
      },
    });
  }
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
