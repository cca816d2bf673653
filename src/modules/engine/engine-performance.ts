import { BeforeApplicationShutdown, Inject, Injectable, OnApplicationBootstrap, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { ModelCalled } from '#libs/contracts';
import { countTokens } from '#libs/text';
import { BatchWriter, defaultBatchLimits } from '../../platform/batching/batch-writer.js';
import { LocalEventBus } from '../../platform/events/local-event-bus.js';
import { currentContext, requireTenant, type TenantContext } from '../../platform/tenancy/tenant-context.js';
import { EngineRunStore } from './adapters/engine-run.store.js';
import type { EngineFigures, EnginePrices, EngineRun, FinishedRun, UsageFigures, UsageRequest } from './engine-run.types.js';
import type { ChatMessage, EngineOptions, EngineUsage } from './engine.types.js';

export const ENGINE_PRICES = Symbol('EnginePrices');

const recentRuns = 50;
/** UTF-16 units of a run that are counted: about 2 ms. */
const countedUnits = 20_000;

type RunTokens = Pick<EngineRun, 'promptTokens' | 'completionTokens' | 'tokensEstimated'>;

/** What the engines do, how fast and for how much: recorded in the background, read from the tables that all processes share. */
@Injectable()
export class EnginePerformance implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly writer: BatchWriter<{ tenant: TenantContext; run: EngineRun }>;

  constructor(
    private readonly store: EngineRunStore,
    @Inject(ENGINE_PRICES) private readonly prices: EnginePrices,
    private readonly events: LocalEventBus,
  ) {
    const write = async (_slug: string, [first, ...others]: readonly { tenant: TenantContext; run: EngineRun }[]) => {
      if (first) await store.write(first.tenant, [first, ...others].map(({ run }) => run));
    };
    this.writer = new BatchWriter({ name: 'figures of engines', write }, { ...defaultBatchLimits, batch: 500 });
  }

  onModuleInit(): void {
    this.events.on('model.called', (call) => this.recordCall(call));
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

  /** An attempt at an answer, for the current tenant and principal. Nobody waits for it. */
  record(messages: ChatMessage[], { context, retrievalMs, memory, userId = memory?.userId }: EngineOptions, { usage, text, told, ...run }: FinishedRun): void {
    const { requestId, principal } = currentContext() ?? {};
    // The model never took it.
    const nothing = run.status === 'failed' && !told ? { promptTokens: 0, completionTokens: 0 } : undefined;
    const read = [...messages.map(({ content }) => content), ...(context?.passages ?? []).map((passage) => passage.text)];
    const account = { purpose: 'answer' as const, principalId: principal?.id ?? null, userId: userId ?? null, requestId: requestId ?? null };
    this.add(requireTenant(), { ...run, ...account, totalMs: run.generationMs + (retrievalMs ?? 0), retrievalMs: retrievalMs ?? null }, this.tokensOf(usage ?? nothing, read, text));
  }

  private recordCall({ tenant, principalId, userId, requestId, usage, messages, text, failed, durationMs, ...call }: ModelCalled): void {
    const times = { totalMs: durationMs, generationMs: durationMs, retrievalMs: null, firstTokenMs: null, memoryMs: null };
    const account = { principalId: principalId ?? null, userId: userId ?? null, requestId: requestId ?? null };
    const nothing = failed && text === '' ? { promptTokens: 0, completionTokens: 0 } : undefined;
    this.add(tenant, { ...call, ...times, ...account, engine: '', reason: 'default', status: failed ? 'failed' : 'ok' }, this.tokensOf(usage ?? nothing, messages.map(({ content }) => content), text));
  }

  private tokensOf(usage: EngineUsage | undefined, read: string[], written: string): RunTokens {
    if (usage) return { ...usage, tokensEstimated: false };
    return { promptTokens: estimateTokens(read), completionTokens: estimateTokens([written]), tokensEstimated: true };
  }

  private add(tenant: TenantContext, run: Omit<EngineRun, 'id' | 'at' | 'cost' | keyof RunTokens>, tokens: RunTokens): void {
    const price = Object.hasOwn(this.prices, run.model) && tokens.promptTokens + tokens.completionTokens > 0 ? this.prices[run.model] : undefined;
    const cost = price ? (tokens.promptTokens * price.prompt + tokens.completionTokens * price.completion) / 1_000_000 : null;
    this.writer.add(tenant.slug, { tenant, run: { ...run, ...tokens, cost, id: uuidv7(), at: new Date() } });
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

  /** What models were used for, the dearest first. */
  async usage(request: UsageRequest): Promise<{ items: UsageFigures[]; total: number }> {
    await this.flush();
    return this.store.usage(request);
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
