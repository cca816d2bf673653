import { Injectable } from '@nestjs/common';
import { EngineChoice } from './engine-choice.js';
import { EngineHealthChecks } from './engine-health.js';
import { EnginePerformance } from './engine-performance.js';
import { EngineRouter, type Wanted } from './engine-router.js';
import { EngineRegistry } from './engine.registry.js';
import type { EngineFigures, EngineRun, UsageFigures, UsageRequest } from './engine-run.types.js';
import type { ChatMessage, CurrentEngine, EngineOptions, EngineState, EngineView, RoutedEvent } from './engine.types.js';

/** The engines of this installation: which there are, which one a tenant uses, and the way of each question to one of them. */
@Injectable()
export class EngineService {
  constructor(
    private readonly registry: EngineRegistry,
    private readonly choice: EngineChoice,
    private readonly router: EngineRouter,
    private readonly checks: EngineHealthChecks,
    private readonly monitor: EnginePerformance,
  ) {}

  /**
   * Answers with the tenant's engine (or one that stands in for it while it is down), or with the one named and no other.
   * The engine is chosen when the first event is asked for and stays: a switch meanwhile is for those who come later.
   * @throws engine.unknown, and whatever the engine throws
   */
  generate(messages: ChatMessage[], options: EngineOptions, name?: string): AsyncGenerator<RoutedEvent> {
    return this.router.generate(messages, options, () => this.wanted(name));
  }

  async list(): Promise<EngineView[]> {
    const current = await this.choice.current();
    return Promise.all(
      this.registry.all.map(async ({ engine }) => {
        const info = engine.getEngineInfo();
        return { ...info, current: info.name === current.name, state: await this.state(info.name) };
      }),
    );
  }

  async current(): Promise<CurrentEngine & { model: string }> {
    const current = await this.choice.current();
    return { ...current, model: this.registry.get(current.name).engine.getEngineInfo().model };
  }

  /** For the whole tenant and every process; on this one it holds when the call returns. @throws engine.unknown */
  async switchTo(name: string): Promise<{ engine: string; previous: string }> {
    return { engine: name, ...(await this.choice.switchTo(name)) };
  }

  /** Its health, asked now, and its circuit on this process. @throws engine.unknown */
  async state(name: string): Promise<EngineState> {
    const health = await this.checks.check(name);
    return { ...health, circuit: this.router.circuit(name).state };
  }

  /** What the tenant's engines did in the last minutes, on all processes. */
  performance(minutes: number): Promise<{ engines: EngineFigures[]; recent: EngineRun[] }> {
    return this.monitor.read(minutes);
  }

  /** What models were used for in the tenant, in answers and in the background, on all processes. */
  usage(request: UsageRequest): Promise<{ items: UsageFigures[]; total: number }> {
    return this.monitor.usage(request);
  }

  /** Names of the engines, the installation's default first. */
  get names(): string[] {
    return this.registry.names;
  }

  private async wanted(name: string | undefined): Promise<Wanted> {
    if (name !== undefined) return { name: this.registry.get(name).engine.getEngineInfo().name, reason: 'requested' };
    const current = await this.choice.current();
    return { name: current.name, reason: current.source };
  }
}
