import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorFunction } from '@nestjs/terminus';

/** Throws when the dependency cannot be used; what it returns is shown beside its state. */
export type DependencyCheck = () => Promise<Record<string, unknown> | void>;

const patienceMs = 2_000;

/** Features register what they depend on; the probes ask them all, each with a time limit. */
@Injectable()
export class HealthRegistry {
  private readonly dependencies = new Map<string, DependencyCheck>();
  private draining = false;

  constructor(private readonly indicators: HealthIndicatorService) {}

  register(name: string, check: DependencyCheck): void {
    this.dependencies.set(name, check);
  }

  /** From now on the ready probe says no, so that no new traffic is sent while accepted requests finish. */
  drain(): void {
    this.draining = true;
  }

  checks(): HealthIndicatorFunction[] {
    const all = [...this.dependencies].map(([name, check]) => () => this.ask(name, check));
    return this.draining ? [() => Promise.resolve(this.indicators.check('process').down({ reason: 'shutting down' })), ...all] : all;
  }

  private async ask(name: string, check: DependencyCheck) {
    const indicator = this.indicators.check(name);
    const startedAt = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${patienceMs} ms`)), patienceMs);
    });
    try {
      const detail = await Promise.race([check(), late]);
      return indicator.up({ ...detail, took_ms: Math.round(performance.now() - startedAt) });
    } catch (error) {
      return indicator.down({ reason: error instanceof Error ? error.message : String(error) });
    } finally {
      clearTimeout(timer);
    }
  }
}
