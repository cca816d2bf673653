import OpenAI from 'openai';
import { assessQuality, buildGroundedPrompt, checkCitations, type Passage } from '#libs/answering';
import { EngineInterruptedError, EngineTimeoutError, EngineUnavailableError } from '../engine.errors.js';
import type { ChatMessage, EngineAnswer, EngineContext, EngineEvent, EngineHealth, EngineOptions, EngineUsage } from '../engine.types.js';
import type { Responder } from './responder.js';

export interface LlmOptions {
  baseUrl: string;
  apiKey: string | undefined;
  model: string;
  timeoutSeconds: number;
}

/** Retries of a request that was refused before anything came back (408, 409, 429, 5xx, connection). */
const retries = 2;
/** Turns before the question that the model sees. */
const historyTurns = 10;
const passageTokens = 3_000;
const healthTimeoutMs = 3_000;
/** How models say what the prompt asks them to say when the passages hold no answer. */
const refusal = /\b(?:documents?|passages?|texts?|sources?)\b[^.!?\n]{0,60}(?:\b(?:do|does|did|is|are) not\b|n['’]t\b|\bcannot\b|\bno\b)|(?:文档|文檔|文件|段落|资料|資料)[^。！？\n]{0,30}(?:没有|沒有|未|无法|無法|不包含)|(?:无法|無法)回答/i;

interface Written {
  text: string;
  finish: string | undefined;
  usage: EngineUsage | undefined;
}

/** Any OpenAI-compatible chat model, held to the passages: what it cites is checked against them. */
export class LlmResponder implements Responder {
  readonly model: string;
  private readonly client: OpenAI;

  constructor(private readonly options: LlmOptions) {
    this.model = options.model;
    this.client = new OpenAI({ baseURL: options.baseUrl, apiKey: options.apiKey ?? 'none', maxRetries: retries, timeout: options.timeoutSeconds * 1000 });
  }

  async *respond(messages: ChatMessage[], options: EngineOptions): AsyncIterable<EngineEvent> {
    const prompt = promptOf(messages, options.context);
    const written: Written = { text: '', finish: undefined, usage: undefined };
    for await (const text of this.write(prompt.messages, written, options.signal)) {
      if (options.stream) yield { type: 'delta', text };
    }
    yield { type: 'done', answer: finish(written, prompt.passages, messages, options) };
  }

  async healthCheck(): Promise<EngineHealth> {
    try {
      await this.client.models.list({ timeout: healthTimeoutMs, maxRetries: 0 });
      return { healthy: true };
    } catch (error) {
      return { healthy: false, detail: error instanceof Error ? error.message : String(error) };
    }
  }

  private async *write(messages: ChatMessage[], written: Written, signal: AbortSignal | undefined): AsyncIterable<string> {
    const silence = new AbortController();
    const stop = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal;
    let timer = this.watch(silence);
    try {
      const stream = await this.client.chat.completions.create(
        { model: this.model, messages: messages as OpenAI.ChatCompletionMessageParam[], stream: true, stream_options: { include_usage: true } },
        { signal: stop },
      );
      for await (const chunk of stream) {
        clearTimeout(timer);
        timer = this.watch(silence);
        const text = take(chunk, written);
        if (text) yield text;
      }
    } catch (error) {
      if (signal?.aborted) written.finish = 'cancelled';
      else throw this.explain(error, silence.signal.aborted, written.text.length > 0);
    } finally {
      clearTimeout(timer);
    }
    if (signal?.aborted) written.finish = 'cancelled';
    else if (written.finish === undefined) throw new EngineInterruptedError();
  }

  private watch(silence: AbortController): NodeJS.Timeout {
    return setTimeout(() => silence.abort(), this.options.timeoutSeconds * 1000);
  }

  private explain(error: unknown, silent: boolean, begun: boolean): Error {
    if (silent || error instanceof OpenAI.APIConnectionTimeoutError) return new EngineTimeoutError(this.options.timeoutSeconds, error);
    if (begun) return new EngineInterruptedError(error);
    return new EngineUnavailableError(error instanceof Error ? error.message : String(error), error);
  }
}

function take(chunk: OpenAI.ChatCompletionChunk, written: Written): string {
  const [choice] = chunk.choices;
  if (chunk.usage) written.usage = { promptTokens: chunk.usage.prompt_tokens, completionTokens: chunk.usage.completion_tokens };
  if (choice?.finish_reason) written.finish = choice.finish_reason;
  const text = choice?.delta?.content ?? '';
  written.text += text;
  return text;
}

function promptOf(messages: ChatMessage[], context: EngineContext | undefined): { messages: ChatMessage[]; passages: Passage[] } {
  if (!context) return { messages, passages: [] };
  const { system, user, included } = buildGroundedPrompt(context.query, context.passages, { maxTokens: passageTokens });
  const history = messages.slice(0, -1).filter(({ role }) => role === 'user' || role === 'assistant').slice(-historyTurns);
  const byId = new Map(context.passages.map((passage) => [passage.id, passage]));
  return {
    messages: [{ role: 'system', content: system }, ...history, { role: 'user', content: user }],
    passages: included.flatMap((id) => byId.get(id) ?? []),
  };
}

function finish(written: Written, passages: Passage[], messages: ChatMessage[], { context }: EngineOptions): EngineAnswer {
  const question = context?.query ?? messages.at(-1)?.content ?? '';
  const { text, citations } = checkCitations(written.text, passages);
  const refused = context !== undefined && (passages.length === 0 || (citations.length === 0 && refusal.test(text)));
  return {
    text,
    citations: refused ? [] : citations,
    quality: assessQuality({ question, answer: text, passages, citations, idf: context?.idf ?? (() => 1) }),
    refused,
    finishReason: written.finish === 'cancelled' ? 'cancelled' : written.finish === 'length' ? 'length' : 'stop',
    usage: written.usage,
  };
}
