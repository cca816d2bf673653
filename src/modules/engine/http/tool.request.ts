import { z } from 'zod';
import { boundedJson } from '../../../platform/http/schemas.js';

export const toolParam = z.object({ name: z.string().min(1).max(64).describe('Name of the tool').meta({ example: 'calculator' }) });

export const runToolRequest = z
  .strictObject({ arguments: boundedJson(100_000).default({}).describe('As the schema of the tool says; what is optional may be left out') })
  .meta({ id: 'RunToolRequest', example: { arguments: { expression: '19.99 * 3' } } });

export type RunToolRequest = z.infer<typeof runToolRequest>;
