import { z } from 'zod';
import { UnsupportedParameterError } from '../openai.errors.js';

const mostMessages = 1_000;

const part = z.looseObject({ type: z.string().describe('`text`; other parts are refused in the question and left out before it').meta({ example: 'text' }), text: z.string().optional().meta({ example: 'What must the cache hit rate be?' }) });
const content = z.union([z.string().meta({ example: 'What must the cache hit rate be?' }), z.array(part).max(1_000)]);

/** The user comes first: documentation shows the first form. */
const message = z.discriminatedUnion('role', [
  z.looseObject({ role: z.literal('user'), content }),
  z.looseObject({ role: z.literal('assistant'), content: content.nullish() }),
  z.looseObject({ role: z.literal('system'), content }),
  z.looseObject({ role: z.literal('developer'), content }),
  z.looseObject({ role: z.literal('tool'), content: content.nullish() }),
  z.looseObject({ role: z.literal('function'), content: content.nullish() }),
]);

const ignored = 'Taken and ignored';

export const completionRequest = z
  .looseObject({
    model: z.string().min(1).max(1_000).describe('`ai-stack` (all documents) or `rag:<collection>`').meta({ example: 'ai-stack' }),
    messages: z.array(message).min(1).max(mostMessages).describe('The last user message is the question; up to 20 turns before it are what it may lean on. Nothing of it is kept.'),
    stream: z.boolean().nullish().describe('true: server-sent chunks'),
    stream_options: z.looseObject({ include_usage: z.boolean().nullish().describe('One more chunk, with the usage') }).nullish(),
    max_completion_tokens: z.int().min(1).nullish().describe('The answer ends after so many tokens (estimated), with the reason `length`'),
    max_tokens: z.int().min(1).nullish().describe('The older name of the same'),
    stop: z.union([z.string().max(1_000), z.array(z.string().max(1_000)).max(4)]).nullish().describe('The answer ends before one of these'),
    temperature: z.number().min(0).max(2).nullish().describe(ignored),
    top_p: z.number().min(0).max(1).nullish().describe(ignored),
    presence_penalty: z.number().min(-2).max(2).nullish().describe(ignored),
    frequency_penalty: z.number().min(-2).max(2).nullish().describe(ignored),
    seed: z.int().nullish().describe(ignored),
    user: z.string().max(1_000).nullish().describe(ignored),
    metadata: z.record(z.string(), z.unknown()).nullish().describe(ignored),
    n: z.int().min(1).nullish().describe('Only 1'),
    logprobs: z.boolean().nullish().describe('Only false'),
    tools: z.array(z.looseObject({ type: z.string() })).max(128).nullish().describe('Refused unless empty, or with `tool_choice: "none"`'),
    tool_choice: z.union([z.string().max(100), z.looseObject({ type: z.string() })]).nullish().describe('`none` or `auto`'),
    response_format: z.looseObject({ type: z.string() }).nullish().describe('Only `{"type": "text"}`'),
  })
  .meta({ id: 'ChatCompletionRequest', example: { model: 'ai-stack', messages: [{ role: 'user', content: 'What must the cache hit rate be?' }] } });

export type CompletionRequestBody = z.infer<typeof completionRequest>;

/** What would change the answer must not be dropped in silence. @throws UnsupportedParameterError */
export function refuseUnsupported({ n, logprobs, tools, tool_choice, response_format }: CompletionRequestBody): void {
  if (n && n > 1) throw new UnsupportedParameterError('n', 'Only one answer is made for a question; send n: 1 or nothing.');
  if (logprobs) throw new UnsupportedParameterError('logprobs', 'Probabilities of tokens are not known here.');
  if (response_format && response_format.type !== 'text') {
    throw new UnsupportedParameterError('response_format', `The format "${response_format.type.slice(0, 40)}" is not supported; answers are text.`);
  }
  if (tool_choice !== 'none' && tools && tools.length > 0) throw new UnsupportedParameterError('tools', 'Tools of the caller are not supported: the engine answers from the documents. Leave out tools, or send tool_choice: "none".');
  if (tool_choice && tool_choice !== 'none' && tool_choice !== 'auto') throw new UnsupportedParameterError('tool_choice', 'Tools of the caller are not supported.');
}
