import { z } from 'zod';

export const toolParam = z.object({ name: z.string().min(1).max(64).describe('Name of the tool').meta({ example: 'calculator' }) });

export const runToolRequest = z
  .strictObject({ arguments: z.record(z.string(), z.unknown()).default({}).describe('As the schema of the tool says; what is optional may be left out') })
  .meta({ id: 'RunToolRequest', example: { arguments: { expression: '19.99 * 3' } } });

export type RunToolRequest = z.infer<typeof runToolRequest>;
