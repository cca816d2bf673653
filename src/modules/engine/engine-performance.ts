import { BeforeApplicationShutdown, Inject, Injectable, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { countTokens } from '#libs/text';
import { BatchWriter, defaultBatchLimits } from '../../platform/batching/batch-writer.js';
import { requireTenant, type TenantContext } from '../../platform/tenancy/tenant-context.js';
import { EngineRunStore } from './adapters/engine-run.store.js';
import type { EngineFigures, EnginePrices, EngineRun, FinishedRun } from './engine-run.types.js';
import type { ChatMessage, EngineOptions } from './engine.types.js';

export const ENGINE_PRICES = Symbol('EnginePrices');

const recentRuns = 50;
/** UTF-16 units of a run that are counted: about 2 ms. */
const countedUnits = 20_000;

/** What the engines do, how fast and for how much: recorded in the background, read from the tables that all processes share. */
@Injectable()
export class EnginePerformance implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly writer: BatchWriter<{ tenant: TenantContext; run: EngineRun }>;

  constructor(
    private readonly store: EngineRunStore,
    @Inject(ENGINE_PRICES) private readonly prices: EnginePrices,
  ) {
    const write = async (_slug: string, [first, ...others]: readonly { tenant: TenantContext; run: EngineRun }[]) => {
      if (first) await store.write(first.tenant, [first, ...others].map(({ run }) => run));
    };
    this.writer = new BatchWriter({ name: 'figures of engines', write }, { ...defaultBatchLimits, batch: 500 });
  }

  onApplicationBootstrap(): void {
    this.writer.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.writer.settle();
  }

  onApplicationShutdown(): Promise<void> {
    return this.writer.stop();
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
    this.writer.add(tenant.slug, { tenant, run: full });
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

  /** Writes what this process holds of the current tenant; what cannot be written is kept for the next time. Never rejects. */
  flush(): Promise<void> {
    return this.writer.flush(requireTenant().slug);
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
