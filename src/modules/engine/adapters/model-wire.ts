import type OpenAI from 'openai';
import type { CallerTools, ChatMessage, SamplingParams, ToolDefinition } from '../engine.types.js';

/** What a model is asked. */
export interface ModelRequest {
  /** Another model of the same server than the configured one. */
  model?: string;
  messages: ChatMessage[];
  tools?: ToolDefinition[];
  toolChoice?: CallerTools['choice'];
  parallelToolCalls?: boolean;
  /** True: an answer without the tools is none, so a model that takes no tools is an error. */
  toolsNeeded?: boolean;
  sampling?: SamplingParams;
}

/** What a model does not take, as its server said. */
export type Quirk = 'no-tools' | 'max-completion-tokens';

export type ModelBody = OpenAI.ChatCompletionCreateParamsStreaming;

/** The request in the OpenAI form. */
export function toBody(model: string, { messages, tools = [], toolChoice, parallelToolCalls, sampling = {} }: ModelRequest, quirks: ReadonlySet<Quirk>): ModelBody {
  const { temperature, topP, presencePenalty, frequencyPenalty, seed, maxTokens, stop, responseFormat } = sampling;
  const withTools = tools.length > 0 && !quirks.has('no-tools');
  return {
    model,
    messages: messages.map(toMessage),
    stream: true,
    stream_options: { include_usage: true },
    ...(withTools && { tools: tools.map(toTool), tool_choice: toChoice(toolChoice), parallel_tool_calls: parallelToolCalls }),
    temperature,
    top_p: topP,
    presence_penalty: presencePenalty,
    frequency_penalty: frequencyPenalty,
    seed,
    [quirks.has('max-completion-tokens') ? 'max_completion_tokens' : 'max_tokens']: maxTokens,
    stop: stop?.length ? stop : undefined,
    response_format: responseFormat as ModelBody['response_format'],
  };
}

/** How servers say that there is too much of everything, which may name the tools as a part of it. */
const tooMuch = /\bcontext (?:length|window|size)\b|\btoo (?:long|large|many tokens)\b/i;

/** What a refusal of this request may teach; undefined when it is about something else. */
export function quirkOf({ message, code }: { message: string; code?: string | null }, body: ModelBody): Quirk | undefined {
  if (body.max_tokens && message.includes('max_completion_tokens')) return 'max-completion-tokens';
  if (code === 'context_length_exceeded' || tooMuch.test(message)) return undefined;
  return body.tools && /\b(?:tools?|tool_choice|functions?)\b/i.test(message) ? 'no-tools' : undefined;
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

function toChoice(choice: CallerTools['choice'] | undefined): OpenAI.ChatCompletionToolChoiceOption | undefined {
  return typeof choice === 'object' ? { type: 'function', function: { name: choice.name } } : choice;
}
