import { Injectable } from '@nestjs/common';
import { EngineService } from '../engine/engine.service.js';
import { CollectionsService } from '../rag/collections.service.js';
import { CollectionNotFoundError } from '../rag/rag.errors.js';
import { ModelNotFoundError } from './openai.errors.js';
import type { ChatModel } from './openai.types.js';

/** Answers from all documents. */
export const defaultModel = 'ai-stack';
const collectionPrefix = 'rag:';
const enginePrefix = 'engine:';
const longestName = 255;
/** When this model was first offered. */
const offeredSince = new Date('2026-11-22T00:00:00Z');
const own: ChatModel = { id: defaultModel, name: 'AI Stack', createdAt: offeredSince };
/** Clients show the list as a menu. */
const mostListed = 1_000;

/** Engines and collections as the models that an OpenAI client chooses from. */
@Injectable()
export class ModelCatalogService {
  constructor(
    private readonly collections: CollectionsService,
    private readonly engines: EngineService,
  ) {}

  async list(): Promise<ChatModel[]> {
    const named = await this.collections.names(mostListed);
    return [own, ...this.engines.names.map(engineModel), ...named.map(({ id, name, createdAt }) => ({ id: collectionPrefix + name, name, createdAt, collection: id }))];
  }

  /** @throws ModelNotFoundError */
  async get(id: string): Promise<ChatModel> {
    if (id === defaultModel) return own;
    const engine = id.startsWith(enginePrefix) ? id.slice(enginePrefix.length) : undefined;
    if (engine !== undefined && this.engines.names.includes(engine)) return engineModel(engine);
    const name = id.startsWith(collectionPrefix) ? id.slice(collectionPrefix.length) : '';
    if (name === '' || name.length > longestName || name.includes('\u0000')) throw new ModelNotFoundError(id);
    try {
      const { id: collection, name: display, createdAt } = await this.collections.find(name);
      return { id, name: display, createdAt, collection };
    } catch (error) {
      throw error instanceof CollectionNotFoundError ? new ModelNotFoundError(id) : error;
    }
  }
}

/** All documents, answered by that engine and no other. */
function engineModel(name: string): ChatModel {
  return { id: enginePrefix + name, name: `AI Stack (${name})`, createdAt: offeredSince, engine: name };
}
