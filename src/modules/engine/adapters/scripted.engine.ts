import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { assessQuality, checkCitations, type Passage } from '#libs/answering';
import { AppError } from '#libs/contracts';
import { rarityIn } from '../core/rarity.js';
import { TextLimit } from '../core/text-limit.js';
import type { ChatMessage, EngineAnswer, EngineEvent, EngineHealth, EngineInfo, EngineOptions, ToolCall } from '../engine.types.js';
import { ModelInterruptedError, ModelTimeoutError, ModelUnavailableError } from '../../../platform/language-model/language-model.errors.js';
import { Engine } from '../ports/engine.js';

/** What a question orders. Everything is optional; without an order the first passage is the answer. */
const scriptSchema = z.strictObject({
  /** The answer, piece by piece. */
  pieces: z.array(z.string().min(1)).min(1).max(10_000).optional(),
  /** Waits before each piece. */
  delay_ms: z.number().min(0).max(60_000).default(0),
  fail: z.enum(['unavailable', 'timeout', 'interrupted']).optional(),
  /** Pieces that are told before the failure. */
  fail_after: z.number().int().min(0).default(0),
  /** Thoughts before the answer. */
  reasoning: z.string().min(1).optional(),
  /** Asked of the caller after the pieces, unless the results are there already. */
  tool_calls: z.array(z.strictObject({ name: z.string().min(1), arguments: z.string() })).min(1).max(16).optional(),
  usage: z.strictObject({ prompt_tokens: z.number().int().min(0), completion_tokens: z.number().int().min(0) }).optional(),
});

type Script = z.infer<typeof scriptSchema>;

const order = /\[\[script (\{[\s\S]*\})\]\]/;
const refusal = 'The documents do not answer this question.';

/**
 * Says what the question orders: deterministic, for tests and load runs. Whatever is written between the marks is the script.
 * @example 'What is it? [[script {"pieces":["It is ","a test."],"delay_ms":5,"fail":"interrupted","fail_after":1}]]'
 */
export class ScriptedEngine extends Engine {
  constructor(
    private readonly name = 'scripted',
    /** Replaced by tests of fail-over. */
    private readonly health: () => Promise<EngineHealth> = () => Promise.resolve({ healthy: true }),
  ) {
    super();
  }

  getEngineInfo(): EngineInfo {
    return { name: this.name, model: this.name, capabilities: { streaming: true, tools: true, memory: false } };
  }

  async *generateResponse(messages: ChatMessage[], options: EngineOptions): AsyncIterable<EngineEvent> {
    const { stream, signal, sampling } = options;
    const passages = options.context?.passages ?? [];
    const script = scriptOf(messages);
    const limit = new TextLimit({ stop: sampling?.stop ?? [], maxTokens: sampling?.maxTokens });
    const pieces = script.pieces ?? piecesOf(options.context ? passages[0] : undefined);
    let [said, told] = ['', 0];
    if (script.reasoning && stream && !signal?.aborted) yield { type: 'reasoning', text: script.reasoning };
    for (; told < pieces.length && !limit.reached; told++) {
      if (script.delay_ms > 0) await pause(script.delay_ms, signal);
      if (signal?.aborted) break;
      if (script.fail && told >= script.fail_after) throw failure(script.fail);
      const text = limit.take(pieces[told] as string) + (told === pieces.length - 1 ? limit.end() : '');
      said += text;
      if (stream && text !== '') yield { type: 'delta', text };
    }
    const cancelled = signal?.aborted === true && told < pieces.length && !limit.reached;
    if (script.fail && !signal?.aborted) throw failure(script.fail);
    const toolCalls = cancelled ? undefined : callsOf(script, messages, options);
    for (const call of toolCalls ?? []) yield { type: 'tool_call', call };
    const finishReason = cancelled ? 'cancelled' : toolCalls ? 'tool_calls' : (limit.reached ?? 'stop');
    yield { type: 'done', answer: { ...(await judge(said, passages, messages, options)), finishReason, toolCalls, usage: usageOf(script) } };
  }

  healthCheck(): Promise<EngineHealth> {
    return this.health();
  }
}

function scriptOf(messages: ChatMessage[]): Script {
  const written = order.exec(messages.findLast(({ role }) => role === 'user')?.content ?? '')?.[1];
  if (written === undefined) return scriptSchema.parse({});
  try {
    return scriptSchema.parse(JSON.parse(written));
  } catch (error) {
    throw new AppError('engine.bad_script', 'invalid', `The script in the question cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function piecesOf(passage: Passage | undefined): string[] {
  return passage ? [`${passage.text} `, '[1]'] : [refusal];
}

function callsOf({ tool_calls: ordered }: Script, messages: ChatMessage[], { callerTools }: EngineOptions): ToolCall[] | undefined {
  if (!ordered || !callerTools || callerTools.choice === 'none' || messages.at(-1)?.role === 'tool') return undefined;
  return ordered.map(({ name, arguments: written }, place) => ({ id: `call_${place}`, name, arguments: written }));
}

function usageOf({ usage }: Script): EngineAnswer['usage'] {
  return usage && { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens };
}

async function judge(said: string, passages: Passage[], messages: ChatMessage[], { context }: EngineOptions): Promise<Pick<EngineAnswer, 'text' | 'citations' | 'quality' | 'refused'>> {
  const question = context?.query ?? messages.findLast(({ role }) => role === 'user')?.content ?? '';
  const { citations } = await checkCitations(said, passages);
  return { text: said, citations, quality: await assessQuality({ question, answer: said, passages, citations, rarity: rarityIn(context) }), refused: said === refusal };
}

function failure(kind: NonNullable<Script['fail']>): Error {
  if (kind === 'timeout') return new ModelTimeoutError(0);
  return kind === 'interrupted' ? new ModelInterruptedError() : new ModelUnavailableError('the script says so');
}

/** Ends early, without an error, when the signal fires. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}
