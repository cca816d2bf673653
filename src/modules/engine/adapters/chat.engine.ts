import { Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { assemblePrompt, type Prompt } from '../core/prompt.js';
import { Engine } from '../ports/engine.js';
import type { MemorySource, Recall } from '../ports/memory-source.js';
import type { ChatMessage, EngineAnswer, EngineEvent, EngineHealth, EngineInfo, EngineOptions, MemoryUse, ToolCall, ToolDefinition } from '../engine.types.js';
import type { Personality } from '../personality.types.js';
import type { ToolOutcome, ToolRunOptions } from '../tool.types.js';
import { ChatAnswer, isForPrograms } from './chat-answer.js';
import { ExtractiveResponder } from './extractive.responder.js';
import type { HistorySummaries } from './history-summaries.js';
import type { LanguageModel } from '../../../platform/language-model/language-model.js';

/** Keeping a turn is one insert; nobody waits longer for it. */
const rememberMs = 2_000;

/** Share of the context that is left for results of tools. */
const resultShare = 0.33;

/** What a chat engine consists of; without a model it answers with extracted sentences. */
export interface ChatParts {
  model?: LanguageModel;
  summaries?: HistorySummaries;
  /** What the model takes, prompt and answer together, in tokens. */
  contextTokens: number;
  memory?: MemorySource;
  /** For the current principal. */
  tools?: {
    definitions(names: readonly string[] | null): ToolDefinition[];
    /** Never rejects. */
    run(call: ToolCall, options: ToolRunOptions): Promise<ToolOutcome>;
  };
  personalities?: { get(id: string): Promise<Personality> };
}

/** All that is found out before the model is asked. */
interface Prepared {
  prompt: Prompt;
  personality: Personality | undefined;
  ownTools: ToolDefinition[];
  resultTokens: number;
  memory: MemoryUse | undefined;
}

/** A language model with the passages of a question, tools, a personality and memories of the user. Where the memories are kept makes one engine differ from another. */
export class ChatEngine extends Engine {
  private readonly logger = new Logger(ChatEngine.name);
  private readonly extractive = new ExtractiveResponder();

  constructor(
    private readonly name: string,
    private readonly parts: ChatParts,
  ) {
    super();
  }

  getEngineInfo(): EngineInfo {
    const { model, memory } = this.parts;
    return { name: this.name, model: model?.name ?? this.extractive.model, capabilities: { streaming: true, tools: model !== undefined, memory: model !== undefined && memory !== undefined } };
  }

  /** Without its memories it answers all the same. */
  async healthCheck(): Promise<EngineHealth> {
    const [writer, memory] = await Promise.all([(this.parts.model ?? this.extractive).healthCheck(), this.parts.memory?.healthCheck()]);
    return !writer.healthy || !memory || memory.healthy ? writer : { ...memory, degraded: true };
  }

  generateResponse(messages: ChatMessage[], options: EngineOptions): AsyncGenerator<EngineEvent> {
    const { model } = this.parts;
    const question = messages.findLast(({ role }) => role === 'user')?.content ?? '';
    return model ? this.converse(model, question, messages, options) : this.extract(question, messages, options);
  }

  /** Extracted sentences take nothing from memories; what the user said is kept all the same. */
  private async *extract(question: string, messages: ChatMessage[], options: EngineOptions): AsyncGenerator<EngineEvent> {
    for await (const event of this.extractive.respond(messages, options)) {
      if (event.type === 'done') await this.remember(question, event.answer, options);
      yield event;
    }
  }

  private async *converse(model: LanguageModel, question: string, messages: ChatMessage[], options: EngineOptions): AsyncGenerator<EngineEvent> {
    const { personality, ...means } = await this.prepare(question, messages, options);
    const answer = new ChatAnswer({ ...means, question, options, model: personality?.model ?? undefined, temperature: personality?.temperature ?? undefined });
    const { stream, signal } = options;
    for (let calls: ToolCall[] | undefined; calls === undefined || calls.length > 0; ) {
      calls = [];
      for await (const event of model.write(answer.request(), signal)) {
        if (event.type === 'written') calls = answer.take(event.written);
        else if (event.type === 'delta') event.text = answer.say(event.text);
        if (stream && event.type !== 'written' && event.text !== '') yield event;
        if (answer.stopped) break;
      }
      const rest = answer.rest();
      if (stream && rest !== '') yield { type: 'delta', text: rest };
      if (calls.length > 0) for (const run of answer.add(await this.run(calls, answer, means.ownTools, options))) yield { type: 'tool_run', run };
    }
    for (const call of answer.callsOfCaller) yield { type: 'tool_call', call };
    const finished = await answer.finish();
    // Not before: a model with one place would write the summary first.
    this.parts.summaries?.extend(means.prompt.older, options.memory?.userId);
    await this.remember(question, finished, options);
    yield { type: 'done', answer: finished };
  }

  private async prepare(question: string, messages: ChatMessage[], options: EngineOptions): Promise<Prepared> {
    const { personalities, tools, summaries, contextTokens } = this.parts;
    const { personalityId, callerTools, sampling, context } = options;
    const recalling = this.recall(question, options);
    const personality = personalityId === undefined ? undefined : await personalities?.get(personalityId);
    const taken = new Set(callerTools?.definitions.map(({ name }) => name));
    const ownTools = options.useTools === false ? [] : (tools?.definitions(personality?.tools ?? null) ?? []).filter(({ name }) => !taken.has(name));
    const resultTokens = ownTools.length > 0 ? Math.floor(contextTokens * resultShare) : 0;
    const recalled = await recalling;
    const prompt = await assemblePrompt({
      messages,
      context,
      personality,
      memories: recalled?.items.map(({ text }) => text) ?? [],
      tools: [...ownTools, ...(callerTools?.definitions ?? [])],
      cite: !isForPrograms(options),
      maxTokens: sampling?.maxTokens,
      contextTokens,
      resultTokens,
      summarize: (turns, maxTokens) => summaries?.of(turns, maxTokens) ?? '',
    });
    const memory = recalled && { found: recalled.items.length, ...(recalled.missed && { missed: recalled.missed }), tookMs: recalled.tookMs };
    return { prompt, personality, ownTools, resultTokens, memory };
  }

  /** Undefined when no memories are wanted. Never rejects. */
  private async recall(question: string, { memory, signal }: EngineOptions): Promise<(Recall & { tookMs: number }) | undefined> {
    const startedAt = performance.now();
    if (!memory || !this.parts.memory) return undefined;
    try {
      const recalled = await this.parts.memory.recall(memory.userId, question, signal);
      return { ...recalled, tookMs: performance.now() - startedAt };
    } catch (error) {
      this.logger.warn({ err: error, engine: this.name }, 'Memories could not be read; the answer is made without');
      return { items: [], missed: 'failed', tookMs: performance.now() - startedAt };
    }
  }

  /** All at once: how many really run together is for the tools to bound. */
  private run(calls: ToolCall[], answer: ChatAnswer, ownTools: ToolDefinition[], { signal, context }: EngineOptions): Promise<ToolOutcome[]> {
    const offered = ownTools.map(({ name }) => name);
    return Promise.all(
      calls.map(async (call, place): Promise<ToolOutcome> => {
        if (this.parts.tools && answer.mayRun(place)) return this.parts.tools.run(call, { signal, names: offered, documents: context?.documents });
        const content = JSON.stringify({ error: { code: 'tool.too_many_calls', message: 'Too many tools were called for one answer. Answer with what is known.' } });
        return { call, ok: false, content, tookMs: 0 };
      }),
    );
  }

  /** The whole turn, once it is over. What cannot be kept is no fault of the answer. */
  private async remember(question: string, { text, finishReason }: EngineAnswer, { memory }: EngineOptions): Promise<void> {
    if (!memory || !this.parts.memory || text === '' || finishReason === 'tool_calls') return;
    const given = new AbortController();
    try {
      const kept = this.parts.memory.remember(memory.userId, [{ role: 'user', content: question }, { role: 'assistant', content: text }]);
      await Promise.race([kept, delay(rememberMs, undefined, { signal: given.signal, ref: false }).then(() => Promise.reject(new Error(`not kept within ${rememberMs} ms`)))]);
    } catch (error) {
      this.logger.warn({ err: error, engine: this.name }, 'A turn could not be kept for the memory');
    } finally {
      given.abort();
    }
  }
}
