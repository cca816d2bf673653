import type OpenAI from 'openai';
import type { ChatMessage, ModelRequest, ToolChoice, ToolDefinition } from './language-model.types.js';

/** What a model does not take, as its server said. */
export type Quirk = 'no-tools' | 'max-completion-tokens' | 'no-temperature' | 'no-schema';

export type ModelBody = OpenAI.ChatCompletionCreateParamsStreaming;

/** The request in the OpenAI form. */
export function toBody(model: string, { messages, tools = [], toolChoice, parallelToolCalls, sampling = {}, wishes = {} }: ModelRequest, quirks: ReadonlySet<Quirk>): ModelBody {
  const { temperature, topP, presencePenalty, frequencyPenalty, seed, maxTokens, stop, responseFormat } = sampling;
  const withTools = tools.length > 0 && !quirks.has('no-tools');
  return {
    model,
    messages: messages.map(toMessage),
    stream: true,
    stream_options: { include_usage: true },
    ...(withTools && { tools: tools.map(toTool), tool_choice: toChoice(toolChoice), parallel_tool_calls: parallelToolCalls }),
    temperature: temperature ?? (quirks.has('no-temperature') ? undefined : wishes.temperature),
    top_p: topP,
    presence_penalty: presencePenalty,
    frequency_penalty: frequencyPenalty,
    seed,
    [quirks.has('max-completion-tokens') ? 'max_completion_tokens' : 'max_tokens']: maxTokens,
    stop: stop?.length ? stop : undefined,
    response_format: (responseFormat as ModelBody['response_format']) ?? (quirks.has('no-schema') ? undefined : toFormat(wishes)),
  };
}

/** How servers say that there is too much of everything, which may name the tools as a part of it. */
const tooMuch = /\bcontext (?:length|window|size)\b|\btoo (?:long|large|many tokens)\b/i;

/** What a refusal of this request may teach; undefined when it is about something else. Whether it does, the next attempt tells. */
export function quirkOf({ message, code }: { message: string; code?: string | null }, body: ModelBody, { sampling, toolsNeeded, wishes }: ModelRequest): Quirk | undefined {
  if (body.max_tokens && message.includes('max_completion_tokens')) return 'max-completion-tokens';
  if (code === 'context_length_exceeded' || tooMuch.test(message)) return undefined;
  if (body.temperature !== undefined && sampling?.temperature === undefined && message.includes('temperature')) return 'no-temperature';
  if (body.tools && /\b(?:tools?|tool_choice|functions?)\b/i.test(message)) return toolsNeeded ? undefined : 'no-tools';
  // Servers that know no schemas say so in many ways.
  return body.response_format && wishes?.schema ? 'no-schema' : undefined;
}

function toFormat({ schema }: NonNullable<ModelRequest['wishes']>): ModelBody['response_format'] {
  return schema && { type: 'json_schema', json_schema: { ...schema, strict: true } };
}

function toMessage({ role, content, toolCalls, toolCallId }: ChatMessage): OpenAI.ChatCompletionMessageParam {
  if (role === 'tool') return { role, content, tool_call_id: toolCallId ?? '' };
  if (role !== 'assistant' || !toolCalls?.length) return { role, content };
  return { role, content: content || null, tool_calls: toolCalls.map(({ id, name, arguments: written }) => ({ id, type: 'function', function: { name, arguments: asJson(written) } })) };
}

/** Longer arguments were refused: no model needs to read them again. */
const longestArguments = 64 * 1024;

/** Servers put the arguments through their template as JSON, and fail when a model had broken it. */
function asJson(written: string): string {
  if (written.length > longestArguments) return '{}';
  try {
    JSON.parse(written);
    return written;
  } catch (error) {
    if (error instanceof SyntaxError) return '{}';
    throw error;
  }
}

function toTool({ name, description, parameters, strict }: ToolDefinition): OpenAI.ChatCompletionTool {
  return { type: 'function', function: { name, description, parameters, ...(strict === undefined ? {} : { strict }) } };
}

function toChoice(choice: ToolChoice | undefined): OpenAI.ChatCompletionToolChoiceOption | undefined {
  return typeof choice === 'object' ? { type: 'function', function: { name: choice.name } } : choice;
}
