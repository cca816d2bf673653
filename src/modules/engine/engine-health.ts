import { BeforeApplicationShutdown, Inject, Injectable, OnApplicationBootstrap, OnModuleInit } from '@nestjs/common';
import { DegradedError, HealthRegistry } from '../../platform/health/health.registry.js';
import { EngineRouter } from './engine-router.js';
import { EngineRegistry } from './engine.registry.js';
import type { EngineHealth } from './engine.types.js';

export const HEALTH_EVERY_MS = Symbol('HealthEveryMs');

/** How long the health of an engine is waited for. */
const patienceMs = 4_000;

/**
 * Asks the engines that depend on another server how they are, in the background, and tells their circuits: an engine that
 * is down is avoided before a question finds out, and is found again without one.
 */
@Injectable()
export class EngineHealthChecks implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  /** Engines that answer without something that they should have, and what that said. */
  private readonly degraded = new Map<string, string | undefined>();

  constructor(
    private readonly registry: EngineRegistry,
    private readonly router: EngineRouter,
    private readonly health: HealthRegistry,
    /** 0 switches the checks off. */
    @Inject(HEALTH_EVERY_MS) private readonly everyMs: number,
  ) {}

  onModuleInit(): void {
    this.health.register('engines', () => this.tell());
  }

  onApplicationBootstrap(): void {
    if (this.everyMs > 0) this.schedule();
  }

  beforeApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Asked now; never rejects. @throws UnknownEngineError at once */
  async check(name: string): Promise<EngineHealth> {
    const { engine } = this.registry.get(name);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<EngineHealth>((resolve) => {
      timer = setTimeout(() => resolve({ healthy: false, detail: `no answer within ${patienceMs} ms` }), patienceMs);
    });
    try {
      return await Promise.race([engine.healthCheck(), late]);
    } catch (error) {
      return { healthy: false, detail: error instanceof Error ? error.message : String(error) };
    } finally {
      clearTimeout(timer);
    }
  }

  /** One round over all engines with an upstream. */
  async round(): Promise<void> {
    const names = this.registry.all.filter(({ upstream }) => upstream).map(({ engine }) => engine.getEngineInfo().name);
    await Promise.all(names.map((name) => this.observe(name)));
  }

  private async observe(name: string): Promise<void> {
    const { healthy, degraded, detail } = await this.check(name);
    if (degraded) this.degraded.set(name, detail);
    else this.degraded.delete(name);
    const circuit = this.router.circuit(name);
    if (!healthy && !degraded) circuit.enter()?.failed();
    // While the circuit is closed, health says nothing: a server that lists its models may still fail to write.
    else if (circuit.state !== 'closed') circuit.enter()?.succeeded();
  }

  /** What is known by now: no engine is asked. What their servers said is for the log alone. */
  private tell(): Promise<{ states: Record<string, string> }> {
    const states = Object.fromEntries(this.registry.names.map((name) => [name, this.stateOf(name)]));
    const inState = (wanted: string) => this.registry.names.filter((name) => states[name] === wanted);
    const reasons = [...inState('down').map((name) => `${name} does not answer; others do in its place.`), ...inState('degraded').map((name) => `${name} answers without its memories.`)];
    if (reasons.length === 0) return Promise.resolve({ states });
    return Promise.reject(new DegradedError(reasons.join(' '), { states }, { cause: [...this.degraded.values()].join(' ') }));
  }

  private stateOf(name: string): 'up' | 'degraded' | 'down' {
    if (this.router.circuit(name).state !== 'closed') return 'down';
    return this.degraded.has(name) ? 'degraded' : 'up';
  }

  private schedule(): void {
    this.timer = setTimeout(() => void this.round().finally(() => !this.stopped && this.schedule()), this.everyMs).unref();
  }
}
