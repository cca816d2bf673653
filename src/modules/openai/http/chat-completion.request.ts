import { z } from 'zod';
import { boundedJson, boundedText, nonEmptyText, storableJson } from '../../../platform/http/schemas.js';
import type { CallerTools, DocumentScope, SamplingParams } from '../../engine/engine.types.js';
import { InvalidParameterError, UnsupportedParameterError } from '../openai.errors.js';

const mostMessages = 1_000;
const mostTools = 128;
/** Characters of all tools together as JSON, and of the schema of an answer. */
const longestSchema = 60_000;

const part = z.looseObject({ type: z.string().describe('`text`; other parts are refused in the question and left out before it').meta({ example: 'text' }), text: z.string().optional().meta({ example: 'What must the cache hit rate be?' }) });
const content = z.union([z.string().meta({ example: 'What must the cache hit rate be?' }), z.array(part).max(1_000)]);

const toolName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'must be letters, digits, _ and -, at most 64').meta({ example: 'get_weather' });

const toolCall = z.looseObject({ id: z.string().min(1).max(200), type: z.literal('function').optional(), function: z.looseObject({ name: z.string().max(64), arguments: z.string().max(100_000) }) });

/** The user comes first: documentation shows the first form. */
const message = z.discriminatedUnion('role', [
  z.looseObject({ role: z.literal('user'), content }),
  z.looseObject({ role: z.literal('assistant'), content: content.nullish(), tool_calls: z.array(toolCall).max(mostTools).nullish() }),
  z.looseObject({ role: z.literal('system'), content }),
  z.looseObject({ role: z.literal('developer'), content }),
  z.looseObject({ role: z.literal('tool'), content: content.nullish(), tool_call_id: z.string().max(200).optional() }),
  z.looseObject({ role: z.literal('function'), content: content.nullish() }),
]);

const tool = z.looseObject({
  type: z.literal('function'),
  function: z.looseObject({
    name: toolName,
    description: z.string().max(4_000).nullish(),
    parameters: boundedJson(longestSchema).nullish().describe('JSON Schema of an object'),
    strict: z.boolean().nullish(),
  }),
});

const toolChoice = z.union([z.enum(['none', 'auto', 'required']), z.looseObject({ type: z.literal('function'), function: z.looseObject({ name: toolName }) })]);

const responseFormat = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text') }),
  z.looseObject({ type: z.literal('json_object') }),
  z.looseObject({ type: z.literal('json_schema'), json_schema: boundedJson(longestSchema) }),
]);

const ignored = 'Taken and ignored';
const toModel = 'For the language model; extracted sentences do without';

export const completionRequest = z
  .looseObject({
    model: z.string().min(1).max(1_000).describe('`ai-stack` (all documents), `engine:<engine>` or `rag:<collection>`').meta({ example: 'ai-stack' }),
    messages: z.array(message).min(1).max(mostMessages).describe('The last user message is the question; the newest 40 messages before it, at least, are what it may lean on. Nothing of it is kept.'),
    stream: z.boolean().nullish().describe('true: server-sent chunks'),
    stream_options: z.looseObject({ include_usage: z.boolean().nullish().describe('One more chunk, with the usage') }).nullish(),
    max_completion_tokens: z.int().min(1).nullish().describe('The answer ends after so many tokens, with the reason `length`'),
    max_tokens: z.int().min(1).nullish().describe('The older name of the same'),
    stop: z.union([z.string().max(1_000), z.array(z.string().max(1_000)).max(4)]).nullish().describe('The answer ends before one of these'),
    temperature: z.number().min(0).max(2).nullish().describe(toModel),
    top_p: z.number().min(0).max(1).nullish().describe(toModel),
    presence_penalty: z.number().min(-2).max(2).nullish().describe(toModel),
    frequency_penalty: z.number().min(-2).max(2).nullish().describe(toModel),
    seed: z.int().nullish().describe(toModel),
    user: boundedText(255).nullish().describe('Whom the caller serves: his memories are used and added to; without it nobody’s'),
    metadata: z.record(z.string(), z.unknown()).nullish().describe(ignored),
    n: z.int().min(1).nullish().describe('Only 1'),
    logprobs: z.boolean().nullish().describe('Only false'),
    tools: z.array(tool).max(mostTools).nullish().describe('Tools of the caller: the answer may ask for them (`finish_reason: "tool_calls"`); their results come back as `tool` messages. Needs a language model'),
    tool_choice: toolChoice.nullish().describe('With `required`, or a tool’s name, the answer asks for a tool of the caller'),
    parallel_tool_calls: z.boolean().nullish(),
    collections: z.array(nonEmptyText(255)).min(1).max(50).nullish().describe('Beyond the form (`extra_body` of the clients): answered from these collections alone, by name or id'),
    filter: storableJson(16_384).nullish().describe('Beyond the form: answered from documents with this metadata alone; as in `POST /rag/search`').meta({ example: { department: 'finance' } }),
    response_format: responseFormat.nullish().describe('JSON, and by which schema; such an answer has no citations. Needs a language model'),
  })
  .meta({ id: 'ChatCompletionRequest', example: { model: 'ai-stack', messages: [{ role: 'user', content: 'What must the cache hit rate be?' }] } });

export type CompletionRequestBody = z.infer<typeof completionRequest>;

const completionId = /^(?:chatcmpl-)?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/;

export const completionParam = z.object({ id: z.string().regex(completionId).describe('The `id` of its chunks').meta({ example: completionIdOf('019aa4c5-8a52-7c3e-9f34-0242ac120007') }) });

/** The name of a stream among OpenAI clients. */
export function completionIdOf(streamId: string): string {
  return `chatcmpl-${streamId.replaceAll('-', '')}`;
}

/** The other way round. */
export function streamIdOf(id: string): string {
  return id.replace(completionId, '$1-$2-$3-$4-$5');
}

/** What would change the answer must not be dropped in silence. @throws UnsupportedParameterError, InvalidParameterError */
export function refuseUnsupported({ n, logprobs, tools, tool_choice }: CompletionRequestBody): void {
  if (n && n > 1) throw new UnsupportedParameterError('n', 'Only one answer is made for a question; send n: 1 or nothing.');
  if (logprobs) throw new UnsupportedParameterError('logprobs', 'Probabilities of tokens are not known here.');
  const names = (tools ?? []).map(({ function: { name } }) => name);
  if (new Set(names).size < names.length) throw new InvalidParameterError('tools', 'Two tools have the same name.');
  if (names.length > 0 && JSON.stringify(tools).length > longestSchema) throw new InvalidParameterError('tools', `The tools may have ${longestSchema} characters together, as JSON.`);
  if (tool_choice === 'required' && names.length === 0) throw new InvalidParameterError('tool_choice', 'There are no tools to choose from.');
  if (typeof tool_choice === 'object' && tool_choice && !names.includes(tool_choice.function.name)) throw new InvalidParameterError('tool_choice', `There is no tool "${tool_choice.function.name}" among the tools.`);
}

/** Undefined when there are none. */
export function toCallerTools({ tools, tool_choice, parallel_tool_calls }: CompletionRequestBody): CallerTools | undefined {
  if (!tools || tools.length === 0) return undefined;
  const definitions = tools.map(({ function: { name, description, parameters, strict } }) => ({ name, description: description ?? '', parameters: parameters ?? { type: 'object', properties: {} }, strict: strict ?? undefined }));
  const choice = tool_choice && typeof tool_choice === 'object' ? { name: tool_choice.function.name } : (tool_choice ?? 'auto');
  return { definitions, choice, parallel: parallel_tool_calls ?? undefined };
}

/** Undefined when all documents may be drawn on. */
export function toDocumentScope({ collections, filter }: CompletionRequestBody): DocumentScope | undefined {
  return collections || filter ? { collections: collections ?? undefined, filter: filter ?? undefined } : undefined;
}

export function toSampling(body: CompletionRequestBody): SamplingParams {
  const { temperature, top_p, presence_penalty, frequency_penalty, seed, max_tokens, max_completion_tokens, stop, response_format } = body;
  return {
    temperature: temperature ?? undefined,
    topP: top_p ?? undefined,
    presencePenalty: presence_penalty ?? undefined,
    frequencyPenalty: frequency_penalty ?? undefined,
    seed: seed ?? undefined,
    maxTokens: max_completion_tokens ?? max_tokens ?? undefined,
    stop: (typeof stop === 'string' ? [stop] : (stop ?? [])).filter((text) => text !== ''),
    responseFormat: response_format && response_format.type !== 'text' ? response_format : undefined,
  };
}
