import { BeforeApplicationShutdown, Inject, Injectable, Logger, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { countTokens } from '#libs/text';
import { BatchBuffer } from '../../platform/batching/batch-buffer.js';
import { requireTenant, type TenantContext } from '../../platform/tenancy/tenant-context.js';
import { EngineRunStore } from './adapters/engine-run.store.js';
import type { EngineFigures, EnginePrices, EngineRun, FinishedRun } from './engine-run.types.js';
import type { ChatMessage, EngineOptions } from './engine.types.js';

export const ENGINE_PRICES = Symbol('EnginePrices');

/** Runs held in memory at most, over all tenants; further ones are lost. */
const capacity = 10_000;
const batch = 500;
const flushEveryMs = 500;
const recentRuns = 50;
/** UTF-16 units of a run that are counted: about 2 ms. */
const countedUnits = 20_000;

/** What the engines do, how fast and for how much: recorded in the background, read from the tables that all processes share. */
@Injectable()
export class EnginePerformance implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger(EnginePerformance.name);
  private readonly buffer = new BatchBuffer<{ tenant: TenantContext; run: EngineRun }>(capacity);
  private timer: NodeJS.Timeout | undefined;
  private lastFlush: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: EngineRunStore,
    @Inject(ENGINE_PRICES) private readonly prices: EnginePrices,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.flush(), flushEveryMs).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  /** For the current tenant. Nobody waits for it. */
  record(messages: ChatMessage[], { context, retrievalMs }: EngineOptions, { usage, text, ...run }: FinishedRun): void {
    const tenant = requireTenant();
    const promptTokens = usage?.promptTokens ?? estimateTokens([...messages.map(({ content }) => content), ...(context?.passages ?? []).map((passage) => passage.text)]);
    const completionTokens = usage?.completionTokens ?? estimateTokens([text]);
    const price = Object.hasOwn(this.prices, run.model) ? this.prices[run.model] : undefined;
    const cost = price ? (promptTokens * price.prompt + completionTokens * price.completion) / 1_000_000 : null;
    const totalMs = run.generationMs + (retrievalMs ?? 0);
    const full = { ...run, id: uuidv7(), totalMs, retrievalMs: retrievalMs ?? null, promptTokens, completionTokens, tokensEstimated: usage === undefined, cost, at: new Date() };
    this.buffer.add(tenant.slug, { tenant, run: full });
  }

  /** Of the current tenant; what this process holds is written first. */
  async read(minutes: number): Promise<{ engines: EngineFigures[]; recent: EngineRun[] }> {
    return { engines: await this.figures(minutes), recent: await this.store.recent(minutes, recentRuns) };
  }

  /** The same without single runs. */
  async figures(minutes: number): Promise<EngineFigures[]> {
    await this.flush();
    return this.store.figures(minutes);
  }

  /** Writes what is held, after the flush that is under way; what cannot be written is kept for the next time. Never rejects. */
  flush(): Promise<void> {
    this.lastFlush = this.lastFlush.then(() => this.writeAll());
    return this.lastFlush;
  }

  private async writeAll(): Promise<void> {
    for (const slug of this.buffer.tenants) {
      const rows = this.buffer.take(slug, batch);
      const [first] = rows;
      if (!first) continue;
      try {
        await this.store.write(first.tenant, rows.map(({ run }) => run));
        this.buffer.written(slug, rows);
      } catch (error) {
        this.buffer.giveBack(slug, rows);
        this.logger.warn({ err: error, tenant: slug, waiting: this.buffer.size }, 'Figures of engines could not be written; they are kept and tried again');
      }
    }
  }
}

/** Counts a part of long texts, and takes the rest to be like it. */
function estimateTokens(texts: string[]): number {
  let [length, counted, tokens] = [0, 0, 0];
  for (const text of texts) {
    const part = text.slice(0, countedUnits - counted);
    length += text.length;
    counted += part.length;
    tokens += countTokens(part);
  }
  return counted === 0 ? 0 : Math.round((tokens * length) / counted);
}
