import type { ModelCalled } from '#libs/contracts';

/** A model's wish to have a tool run. */
export interface ToolCall {
  id: string;
  name: string;
  /** JSON as the model wrote it: it may be broken. */
  arguments: string;
}

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string;
  /** Of an assistant's message: the tools it asked for. */
  toolCalls?: ToolCall[];
  /** Of a tool's message: the call that it answers. */
  toolCallId?: string;
}

/** A tool as a model is told of it. */
export interface ToolDefinition {
  name: string;
  description: string;
  /** JSON Schema of an object. */
  parameters: Record<string, unknown>;
  /** The model keeps to the schema; what is absent is left to its server. */
  strict?: boolean;
}

export type ToolChoice = 'auto' | 'none' | 'required' | { name: string };

/** How the model writes; what is absent is left to the personality, then to the model. */
export interface SamplingParams {
  temperature?: number;
  topP?: number;
  presencePenalty?: number;
  frequencyPenalty?: number;
  seed?: number;
  maxTokens?: number;
  stop?: string[];
  /** `{type: 'json_object'}` or `{type: 'json_schema', json_schema}`, as the OpenAI form has it. */
  responseFormat?: Record<string, unknown>;
}

export interface ModelUsage {
  promptTokens: number;
  completionTokens: number;
}

/** What a model is asked. */
export interface ModelRequest {
  /** Another model of the same server than the configured one. */
  model?: string;
  messages: ChatMessage[];
  tools?: ToolDefinition[];
  toolChoice?: ToolChoice;
  parallelToolCalls?: boolean;
  /** True: an answer without the tools is none, so a model that takes no tools is an error. */
  toolsNeeded?: boolean;
  sampling?: SamplingParams;
  /** What makes the answer better and is left out for a model that refuses it. */
  wishes?: { temperature?: number; schema?: { name: string; schema: Record<string, unknown> } };
}

/** What a model is asked for in the background, and on whose account when that is not the principal of the running request. */
export interface ModelWork {
  purpose: ModelCalled['purpose'];
  principalId?: string;
  userId?: string;
}

/** A piece of work that is over; what is not known of it here is added by whoever hears of it. */
export type ModelCall = ModelWork & Pick<ModelCalled, 'model' | 'messages' | 'text' | 'usage' | 'failed' | 'durationMs'>;
