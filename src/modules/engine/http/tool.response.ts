import { z } from 'zod';
import type { ToolOutcome, ToolView } from '../tool.types.js';

const toolResponse = z
  .object({
    name: z.string(),
    description: z.string().describe('As models read it'),
    parameters: z.record(z.string(), z.unknown()).describe('JSON Schema of the arguments, in the strict form of function calling'),
    permission: z.string().describe('What a key needs to use it'),
    allowed: z.boolean().describe('Whether your key may'),
    use: z.object({ runs: z.int(), failed: z.int(), average_ms: z.number().nullable() }).describe('Calls of the tenant on this process since it started'),
  })
  .meta({
    id: 'Tool',
    example: {
      name: 'calculator',
      description: 'Calculates an arithmetic expression exactly, in decimals.',
      parameters: { type: 'object', properties: { expression: { type: 'string' } }, required: ['expression'], additionalProperties: false },
      permission: 'answers:ask',
      allowed: true,
      use: { runs: 12, failed: 1, average_ms: 0.4 },
    },
  });

export const toolsResponse = z.object({ items: z.array(toolResponse) }).meta({ id: 'Tools', example: { items: [toolResponse.meta()?.example] } });

export const toolTrialResponse = z
  .object({
    name: z.string(),
    ok: z.literal(true).describe('What goes wrong is answered with its status and a Problem'),
    result: z.unknown().describe('What a model reads; of what is too long for it `{notice, beginning}`'),
    took_ms: z.number().nonnegative(),
  })
  .meta({ id: 'ToolTrial', example: { name: 'calculator', ok: true, result: { result: '59.97' }, took_ms: 0.3 } });

export function toToolResponse({ figures: { runs, failed, totalMs }, ...tool }: ToolView): z.infer<typeof toolResponse> {
  const { name, description, parameters, permission, allowed } = tool;
  return { name, description, parameters, permission, allowed, use: { runs, failed, average_ms: runs === 0 ? null : Math.round((totalMs / runs) * 10) / 10 } };
}

export function toToolTrialResponse(name: string, { content, tookMs }: Pick<ToolOutcome, 'content' | 'tookMs'>): z.infer<typeof toolTrialResponse> {
  return { name, ok: true, result: JSON.parse(content) as unknown, took_ms: tookMs };
}
