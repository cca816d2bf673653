import { z } from 'zod';
import { boundedText, nonEmptyText } from '../../../platform/http/schemas.js';

const mostTools = 64;

const details = {
  description: boundedText(1_000).nullable().optional().describe('For people; no model reads it'),
  tone: boundedText(200).nullable().optional().describe('The manner, in a few words').meta({ example: 'friendly and short' }),
  model: nonEmptyText(255).nullable().optional().describe('Instead of the model that is configured (LLM_MODEL)'),
  temperature: z.number().min(0).max(2).nullable().optional(),
  tools: z.array(nonEmptyText(64)).max(mostTools).nullable().optional().describe('Names of the tools it may use; null: all, []: none. Only those that the key may use are offered'),
};
const name = nonEmptyText(100).describe('The tenant has one of each name');
const systemPrompt = nonEmptyText(8_000).describe('Instructions; they come first, but the rules that keep answers to their sources stand');

export const createPersonalityRequest = z
  .strictObject({ name, system_prompt: systemPrompt, ...details })
  .meta({ id: 'CreatePersonalityRequest', example: { name: 'Support', system_prompt: 'You help customers of a ferry line.', tone: 'friendly and short', temperature: 0.2, tools: ['search_knowledge', 'current_time'] } });
export type CreatePersonalityRequest = z.infer<typeof createPersonalityRequest>;

export const updatePersonalityRequest = z
  .strictObject({ name: name.optional(), system_prompt: systemPrompt.optional(), ...details })
  .meta({ id: 'UpdatePersonalityRequest', example: { tone: 'formal', temperature: null } });
export type UpdatePersonalityRequest = z.infer<typeof updatePersonalityRequest>;
