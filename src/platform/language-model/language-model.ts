import { Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import OpenAI from 'openai';
import { setTimeout as delay } from 'node:timers/promises';
import { ModelInterruptedError, ModelRejectedError, ModelTimeoutError, ModelUnavailableError } from './language-model.errors.js';
import { Halt } from './halt.js';
import { leanFetch } from './lean-fetch.js';
import { ModelStream, type ModelPiece, type Written } from './model-stream.js';
import type { ModelCall, ModelRequest, ModelWork } from './language-model.types.js';
import { quirkOf, toBody, type Quirk } from './model-wire.js';

export interface ModelOptions {
  baseUrl: string;
  apiKey: string | undefined;
  model: string;
  timeoutSeconds: number;
}

export type ModelEvent = ModelPiece | { type: 'written'; written: Written };

/** Retries of a request that was refused before anything came back (408, 409, 429, 5xx, connection). */
const retries = 2;
const firstRetryMs = 500;
const healthTimeoutMs = 3_000;
/** A server's word on what a model does not take is believed this long. */
const quirksKeptMs = 600_000;
/** After `[DONE]` the connection is read to its end, so that it can be used again, unless that takes longer. */
const partingMs = 200;

/**
 * A chat model behind any OpenAI-compatible server. The openai package makes the requests; the stream is read here: its reader costs more than
 * all the rest of a token's way. So are retries, since the package would sleep as long as a server asks it to, whatever the time-out.
 */
export class LanguageModel {
  readonly name: string;
  private readonly logger = new Logger(LanguageModel.name);
  private readonly client: OpenAI;
  private readonly quirks = new LRUCache<string, ReadonlySet<Quirk>>({ max: 1_000, ttl: quirksKeptMs });

  constructor(
    private readonly options: ModelOptions,
    private readonly tell: (call: ModelCall) => void = () => undefined,
  ) {
    this.name = options.model;
    this.client = new OpenAI({ baseURL: options.baseUrl, apiKey: options.apiKey ?? 'none', maxRetries: 0, timeout: options.timeoutSeconds * 1000, fetch: leanFetch });
  }

  /**
   * Pieces as they come and, last, what was written; its finish is `cancelled` when the signal fired.
   * @throws engine.unavailable, engine.rejected, engine.timeout, engine.interrupted
   */
  async *write(request: ModelRequest, signal?: AbortSignal): AsyncGenerator<ModelEvent> {
    const stream = new ModelStream();
    const halt = new Halt(this.options.timeoutSeconds * 1000, signal);
    try {
      const response = halt.signal.aborted ? undefined : await this.open(request, halt);
      if (response?.headers.get('content-type')?.startsWith('application/json')) {
        for (const piece of stream.feedWhole(await response.text())) yield piece;
      } else if (response?.body) {
        for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
          const before = stream.progress;
          halt.waiting = false;
          for (const piece of stream.feed(bytes)) yield piece;
          halt.waiting = true;
          // A comment that keeps the connection alive is no sign of life of the model.
          if (stream.progress > before) halt.heard(stream.ended ? partingMs : undefined);
        }
        halt.over();
      }
    } catch (error) {
      // Whatever befalls a finished answer is no matter of the caller's.
      if (!signal?.aborted && stream.written.finish === undefined) throw this.explain(error, request, halt.silent, stream.begun);
    } finally {
      halt.end();
    }
    if (signal?.aborted) stream.written.finish = 'cancelled';
    else if (stream.written.finish === undefined) throw new ModelInterruptedError();
    yield { type: 'written', written: stream.written };
  }

  /**
   * The whole text, for work that nobody watches; what it took is told to whoever keeps the accounts.
   * @throws as write(), and the signal's reason when it fires
   */
  async complete(request: ModelRequest, signal: AbortSignal, work: ModelWork): Promise<string> {
    const startedAt = performance.now();
    const call: Omit<ModelCall, 'durationMs'> = { ...work, model: request.model ?? this.name, messages: request.messages, text: '', usage: undefined, failed: true };
    try {
      for await (const event of this.write(request, signal)) {
        if (event.type === 'delta') call.text += event.text;
        else if (event.type === 'written') call.usage = event.written.usage;
      }
      signal.throwIfAborted();
      call.failed = false;
      return call.text;
    } finally {
      this.tell({ ...call, durationMs: performance.now() - startedAt });
    }
  }

  async healthCheck(): Promise<{ healthy: boolean; detail?: string }> {
    try {
      await this.client.models.list({ timeout: healthTimeoutMs, signal: AbortSignal.timeout(healthTimeoutMs) });
      return { healthy: true };
    } catch (error) {
      return { healthy: false, detail: messageOf(error) };
    }
  }

  /** What a refusal teaches is tried at once, and remembered when the request is taken so: what was refused for another reason teaches nothing. */
  private async open(request: ModelRequest, halt: Halt): Promise<Response> {
    const model = request.model ?? this.name;
    const known = this.quirksOf(model, request);
    const learnt = new Set<Quirk>();
    for (let attempt = 0; ; ) {
      const body = toBody(model, request, new Set([...known, ...learnt]));
      try {
        const response = await this.client.chat.completions.create(body, { signal: halt.signal }).asResponse();
        if (learnt.size > 0) this.remember(model, learnt);
        return response;
      } catch (error) {
        const quirk = error instanceof OpenAI.BadRequestError ? quirkOf(error, body, request) : undefined;
        if (quirk) {
          learnt.add(quirk);
          continue;
        }
        const waitMs = attempt++ < retries ? waitBefore(attempt, error) : undefined;
        if (waitMs === undefined || waitMs >= halt.leftMs) throw error;
        await delay(waitMs, undefined, { signal: halt.signal });
      }
    }
  }

  private quirksOf(model: string, { toolsNeeded }: ModelRequest): ReadonlySet<Quirk> {
    const known = this.quirks.get(model) ?? new Set();
    return toolsNeeded ? new Set([...known].filter((quirk) => quirk !== 'no-tools')) : known;
  }

  private remember(model: string, learnt: ReadonlySet<Quirk>): void {
    this.quirks.set(model, new Set([...(this.quirks.get(model) ?? []), ...learnt]));
    this.logger.warn({ model, quirks: [...learnt] }, 'A model refuses a part of the request; it is left out or written otherwise for a while');
  }

  private explain(error: unknown, request: ModelRequest, silent: boolean, begun: boolean): Error {
    if (silent || error instanceof OpenAI.APIConnectionTimeoutError) return new ModelTimeoutError(this.options.timeoutSeconds, error);
    if (begun) return new ModelInterruptedError(error);
    // No outage: it must not open the circuit for those who ask for something else.
    if (isRefusal(error, request)) return new ModelRejectedError(messageOf(error), error);
    return new ModelUnavailableError(messageOf(error), error);
  }
}

/** It is about this request: too long, something that the model does not take, or a model of a personality that is not there. */
function isRefusal(error: unknown, { model }: ModelRequest): boolean {
  if (!(error instanceof OpenAI.APIError)) return false;
  return [400, 413, 422].includes(Number(error.status)) || (model !== undefined && [403, 404].includes(Number(error.status)));
}

/** How long to wait before the next attempt: as the server says, else longer each time. Undefined: there is no sense in another one. */
function waitBefore(attempt: number, error: unknown): number | undefined {
  const isConnection = error instanceof OpenAI.APIConnectionError && !(error instanceof OpenAI.APIConnectionTimeoutError);
  if (isConnection) return firstRetryMs * 2 ** (attempt - 1);
  if (!(error instanceof OpenAI.APIError) || error.status === undefined || !([408, 409, 429].includes(error.status) || error.status >= 500)) return undefined;
  return askedWait(error.headers) ?? firstRetryMs * 2 ** (attempt - 1);
}

function askedWait(headers: Headers | undefined): number | undefined {
  const ms = Number(headers?.get('retry-after-ms') ?? NaN);
  if (Number.isFinite(ms)) return Math.max(0, ms);
  const after = headers?.get('retry-after');
  if (!after) return undefined;
  const wait = Number.isNaN(Number(after)) ? Date.parse(after) - Date.now() : Number(after) * 1000;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
