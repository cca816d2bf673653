import { z } from 'zod';
import type { ChatModel } from '../openai.types.js';

export const modelParam = z.object({ id: z.string().describe('Name of the model').meta({ example: 'ai-stack' }) });

export const modelResponse = z
  .object({
    id: z.string().describe('`ai-stack`, `engine:` and the name of an engine, or `rag:` and the name of a collection'),
    object: z.literal('model'),
    created: z.int().describe('Seconds since 1970'),
    owned_by: z.string(),
    name: z.string().describe('For people'),
  })
  .meta({ id: 'ChatModel', example: { id: 'rag:handbook', object: 'model', created: 1_795_305_600, owned_by: 'ai-stack', name: 'handbook' } });

export const modelListResponse = z
  .object({ object: z.literal('list'), data: z.array(modelResponse) })
  .meta({ id: 'ChatModelList', example: { object: 'list', data: [{ id: 'ai-stack', object: 'model', created: 1_795_305_600, owned_by: 'ai-stack', name: 'AI Stack' }] } });

export function toModelResponse({ id, createdAt, name }: ChatModel): z.infer<typeof modelResponse> {
  return { id, object: 'model', created: Math.floor(createdAt.getTime() / 1000), owned_by: 'ai-stack', name };
}
