import { z } from 'zod';
import type { EngineHealth, EngineView } from '../engine.types.js';

const healthFields = { healthy: z.boolean(), detail: z.string().optional().describe('Why it is not') };

export const engineResponse = z
  .object({
    name: z.string(),
    model: z.string().describe('What writes: `extractive`, or the name of the language model'),
    capabilities: z.object({ streaming: z.boolean(), tools: z.boolean(), memory: z.boolean() }),
    current: z.boolean().describe('Answers for the tenant when a request names none'),
    ...healthFields,
  })
  .meta({ id: 'Engine', example: { name: 'chat', model: 'qwen3-8b', capabilities: { streaming: true, tools: false, memory: false }, current: true, healthy: true } });

export const enginesResponse = z.object({ items: z.array(engineResponse) }).meta({ id: 'Engines', example: { items: [engineResponse.meta()?.example] } });

export const currentEngineResponse = z
  .object({ engine: z.string(), model: z.string(), source: z.enum(['tenant', 'default']).describe('`tenant`: chosen by a switch; `default`: of the installation') })
  .meta({ id: 'CurrentEngine', example: { engine: 'chat', model: 'qwen3-8b', source: 'tenant' } });

export const switchedEngineResponse = z.object({ engine: z.string(), previous: z.string() }).meta({ id: 'SwitchedEngine', example: { engine: 'extractive', previous: 'chat' } });

export const engineHealthResponse = z.object({ engine: z.string(), ...healthFields }).meta({ id: 'EngineHealth', example: { engine: 'chat', healthy: false, detail: 'Connection error.' } });

export function toEngineResponse({ name, model, capabilities, current, health }: EngineView): z.infer<typeof engineResponse> {
  return { name, model, capabilities, current, ...toHealth(health) };
}

export function toHealthResponse(engine: string, health: EngineHealth): z.infer<typeof engineHealthResponse> {
  return { engine, ...toHealth(health) };
}

function toHealth({ healthy, detail }: EngineHealth): EngineHealth {
  return { healthy, detail };
}
