import { z } from 'zod';
import { pageOf } from '../../../platform/http/schemas.js';
import type { UsageFigures } from '../../engine/engine-run.types.js';
import type { Window } from '../stats.types.js';
import { toWindowResponse, windowResponse } from './stats.response.js';

const usageResponse = z
  .object({
    name: z.string().nullable().describe('Id of the key, or name of the user, model, engine or purpose; null where none is known or none was named'),
    runs: z.int(),
    failed: z.int(),
    estimated: z.int().describe('Of the runs: those whose server did not tell its tokens; they were counted from the texts'),
    prompt_tokens: z.int(),
    completion_tokens: z.int(),
    cost: z.number().nullable().describe('By ENGINE_PRICES; null where no price was known for any of the runs'),
  })
  .meta({ id: 'Usage', example: { name: '019aa4c5-8a52-7c3e-9f34-0242ac120002', runs: 812, failed: 3, estimated: 0, prompt_tokens: 1_948_800, completion_tokens: 105_560, cost: 0.42 } });

const usagePage = pageOf(usageResponse);

export const usagePageResponse = usagePage
  .extend({ window: windowResponse.describe('What was looked at') })
  .meta({ id: 'UsagePage', example: { ...(usagePage.meta()?.example as object), window: { from: '2026-10-22T10:00:00.000Z', to: '2026-11-21T11:00:00.000Z' } } });

export function toUsagePageResponse(page: number, pageSize: number, { items, total, window }: { items: UsageFigures[]; total: number; window: Window }): z.infer<typeof usagePageResponse> {
  return { items: items.map(toUsageResponse), total, page, page_size: pageSize, window: toWindowResponse(window) };
}

function toUsageResponse({ name, promptTokens, completionTokens, ...figures }: UsageFigures): z.infer<typeof usageResponse> {
  return { name: name || null, ...figures, prompt_tokens: promptTokens, completion_tokens: completionTokens };
}
