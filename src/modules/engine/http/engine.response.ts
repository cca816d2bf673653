import { z } from 'zod';
import type { EngineState, EngineView } from '../engine.types.js';

const healthFields = { healthy: z.boolean(), detail: z.string().optional().describe('Why it is not'), degraded: z.boolean().optional().describe('It answers all the same, without what is missing'), circuit: z.enum(['closed', 'open', 'half_open']).describe('On the process that answers; `open`: others stand in for it, `half_open`: it is being tried again') };

export const engineResponse = z
  .object({
    name: z.string(),
    model: z.string().describe('What writes: `extractive`, or the name of the language model'),
    capabilities: z.object({ streaming: z.boolean(), tools: z.boolean(), memory: z.boolean() }),
    current: z.boolean().describe('Answers for the tenant when a request names none'),
    ...healthFields,
  })
  .meta({ id: 'Engine', example: { name: 'chat', model: 'qwen3-8b', capabilities: { streaming: true, tools: false, memory: false }, current: true, healthy: true, circuit: 'closed' } });

export const enginesResponse = z.object({ items: z.array(engineResponse) }).meta({ id: 'Engines', example: { items: [engineResponse.meta()?.example] } });

export const currentEngineResponse = z
  .object({ engine: z.string(), model: z.string(), source: z.enum(['tenant', 'default']).describe('`tenant`: chosen by a switch; `default`: of the installation') })
  .meta({ id: 'CurrentEngine', example: { engine: 'chat', model: 'qwen3-8b', source: 'tenant' } });

export const switchedEngineResponse = z.object({ engine: z.string(), previous: z.string() }).meta({ id: 'SwitchedEngine', example: { engine: 'extractive', previous: 'chat' } });

export const engineHealthResponse = z.object({ engine: z.string(), ...healthFields }).meta({ id: 'EngineHealth', example: { engine: 'chat', healthy: false, detail: 'Connection error.', circuit: 'open' } });

export function toEngineResponse({ name, model, capabilities, current, state }: EngineView): z.infer<typeof engineResponse> {
  return { name, model, capabilities, current, ...toHealth(state) };
}

export function toHealthResponse(engine: string, state: EngineState): z.infer<typeof engineHealthResponse> {
  return { engine, ...toHealth(state) };
}

function toHealth({ healthy, detail, degraded, circuit }: EngineState): EngineState {
  return { healthy, detail, degraded, circuit };
}
