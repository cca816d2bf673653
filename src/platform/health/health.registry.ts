import { Injectable, Logger } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorFunction } from '@nestjs/terminus';

/** Throws when the dependency cannot be used; what it returns is shown beside its state, to anybody. */
export type DependencyCheck = () => Promise<Record<string, unknown> | void>;

type Detail = Record<string, unknown>;

/** One look at a dependency, for all who ask until shortly after its end. */
interface Look {
  answer: Promise<Detail>;
  /** On the clock of `performance.now()`. */
  beganAt: number;
  endedAt?: number;
}

const patienceMs = 2_000;
const sharedMs = 500;
/** One that has not ended by then hangs: another is begun beside it. */
const abandonedMs = 10_000;

/** Features register what they depend on; the probes ask them all, each with a time limit and however many ask at once only once. */
@Injectable()
export class HealthRegistry {
  private readonly logger = new Logger(HealthRegistry.name);
  private readonly dependencies = new Map<string, DependencyCheck>();
  private readonly looks = new Map<string, Look>();
  private readonly down = new Set<string>();
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

  /** The probes have no key: strangers learn that a dependency is down, and the log why. */
  private async ask(name: string, check: DependencyCheck) {
    const indicator = this.indicators.check(name);
    try {
      const detail = await inTime(this.look(name, check));
      if (this.down.delete(name)) this.logger.log({ dependency: name }, 'A dependency can be used again');
      return indicator.up(detail);
    } catch (error) {
      if (!this.down.has(name)) this.logger.error({ err: error, dependency: name }, 'A dependency cannot be used: no traffic is asked for');
      this.down.add(name);
      return indicator.down({ reason: error instanceof LateError ? error.message : 'It cannot be used; the log of the server says why.' });
    }
  }

  private look(name: string, check: DependencyCheck): Look {
    const beganAt = performance.now();
    const latest = this.looks.get(name);
    if (latest && beganAt < (latest.endedAt === undefined ? latest.beganAt + abandonedMs : latest.endedAt + sharedMs)) return latest;
    const answer = check().then((detail) => ({ ...detail, took_ms: Math.round(performance.now() - beganAt) }));
    const look: Look = { beganAt, answer: answer.finally(() => (look.endedAt = performance.now())) };
    this.looks.set(name, look);
    return look;
  }
}

class LateError extends Error {}

async function inTime({ answer, beganAt }: Look): Promise<Detail> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new LateError(`no answer within ${patienceMs} ms`)), Math.max(0, beganAt + patienceMs - performance.now()));
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
