import { z } from 'zod';
import { pageOf, timestamp, uuid } from '../../../platform/http/schemas.js';
import type { Personality } from '../personality.types.js';

export const personalityResponse = z
  .object({
    id: uuid,
    name: z.string(),
    description: z.string().nullable(),
    system_prompt: z.string(),
    tone: z.string().nullable(),
    model: z.string().nullable(),
    temperature: z.number().nullable(),
    tools: z.array(z.string()).nullable().describe('null: all that the key may use'),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({
    id: 'Personality',
    example: {
      id: '019aa4c5-8a52-7c3e-9f34-0242ac120002',
      name: 'Support',
      description: null,
      system_prompt: 'You help customers of a ferry line.',
      tone: 'friendly and short',
      model: null,
      temperature: 0.2,
      tools: ['search_knowledge', 'current_time'],
      created_at: '2026-11-21T10:00:00.000Z',
      updated_at: '2026-11-21T10:00:00.000Z',
    },
  });

export const personalityPageResponse = pageOf(personalityResponse).meta({ id: 'PersonalityPage' });

export function toPersonalityResponse(personality: Personality): z.infer<typeof personalityResponse> {
  const { id, name, description, systemPrompt, tone, model, temperature, tools, createdAt, updatedAt } = personality;
  return { id, name, description, system_prompt: systemPrompt, tone, model, temperature, tools, created_at: createdAt.toISOString(), updated_at: updatedAt.toISOString() };
}
