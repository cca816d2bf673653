import { z } from 'zod';
import { nonEmptyText } from '../../../platform/http/schemas.js';

const engineName = nonEmptyText(100).meta({ example: 'chat' });

export const engineParam = z.object({ name: engineName.describe('Name of the engine') });

const minutesOf = { m: 1, h: 60, d: 1_440 };

export const performanceQuery = z.object({
  window: z
    .string()
    .regex(/^[1-9]\d{0,3}[mhd]$/, 'must be a number and m, h or d, like 90m, 24h or 7d')
    .default('24h')
    .describe('How far back: a number and m, h or d; runs are kept for 30 days')
    .meta({ example: '24h' }),
});

export type PerformanceQuery = z.infer<typeof performanceQuery>;

export function minutesIn(window: string): number {
  return Number(window.slice(0, -1)) * minutesOf[window.slice(-1) as keyof typeof minutesOf];
}

export const switchEngineRequest = z.strictObject({ engine: engineName.describe('Name of the engine that answers from now on') }).meta({ id: 'SwitchEngineRequest', example: { engine: 'chat' } });

export type SwitchEngineRequest = z.infer<typeof switchEngineRequest>;
