import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { assessQuality, checkCitations, type Passage } from '#libs/answering';
import { AppError } from '#libs/contracts';
import type { ChatMessage, EngineAnswer, EngineEvent, EngineHealth, EngineInfo, EngineOptions } from '../engine.types.js';
import { EngineInterruptedError, EngineTimeoutError, EngineUnavailableError } from '../engine.errors.js';
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
    return { name: this.name, model: this.name, capabilities: { streaming: true, tools: false, memory: false } };
  }

  async *generateResponse(messages: ChatMessage[], options: EngineOptions): AsyncIterable<EngineEvent> {
    const { stream, signal } = options;
    const passages = options.context?.passages ?? [];
    const script = scriptOf(messages);
    const pieces = script.pieces ?? piecesOf(options.context ? passages[0] : undefined);
    let said = '';
    for (const [told, piece] of pieces.entries()) {
      if (script.delay_ms > 0) await pause(script.delay_ms, signal);
      if (signal?.aborted) break;
      if (script.fail && told >= script.fail_after) throw failure(script.fail);
      said += piece;
      if (stream) yield { type: 'delta', text: piece };
    }
    if (script.fail && !signal?.aborted) throw failure(script.fail);
    yield { type: 'done', answer: finish(said, said === pieces.join(''), passages, messages, options) };
  }

  healthCheck(): Promise<EngineHealth> {
    return this.health();
  }
}

function scriptOf(messages: ChatMessage[]): Script {
  const written = order.exec(messages.at(-1)?.content ?? '')?.[1];
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

function finish(said: string, whole: boolean, passages: Passage[], messages: ChatMessage[], { context }: EngineOptions): EngineAnswer {
  const question = context?.query ?? messages.at(-1)?.content ?? '';
  const { citations } = checkCitations(said, passages);
  return {
    text: said,
    citations,
    quality: assessQuality({ question, answer: said, passages, citations, idf: context?.idf ?? (() => 1) }),
    refused: said === refusal,
    finishReason: whole ? 'stop' : 'cancelled',
  };
}

function failure(kind: NonNullable<Script['fail']>): Error {
  if (kind === 'timeout') return new EngineTimeoutError(0);
  return kind === 'interrupted' ? new EngineInterruptedError() : new EngineUnavailableError('the script says so');
}

/** Ends early, without an error, when the signal fires. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}
