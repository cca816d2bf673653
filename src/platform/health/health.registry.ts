import { Injectable, Logger } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorFunction } from '@nestjs/terminus';

type Detail = Record<string, unknown>;

/** Throws when the dependency cannot be used (DegradedError: when it is done without); what it returns is shown beside its state, to anybody. */
export type DependencyCheck = () => Promise<Detail | void>;

/** A dependency is impaired, but traffic can be served, if less well. Message and detail are shown to anybody; the cause is for the log. */
export class DegradedError extends Error {
  constructor(
    message: string,
    readonly detail: Detail = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'DegradedError';
  }
}

type State = 'up' | 'degraded' | 'down';

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
  private readonly states = new Map<string, State>();
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
      this.note(name, 'up');
      return indicator.up(detail);
    } catch (error) {
      if (error instanceof DegradedError) {
        this.note(name, 'degraded', error);
        return indicator.degraded({ reason: error.message, ...error.detail });
      }
      this.note(name, 'down', error);
      return indicator.down({ reason: error instanceof LateError ? error.message : 'It cannot be used; the log of the server says why.' });
    }
  }

  /** Changes are logged, not looks. */
  private note(name: string, state: State, error?: unknown): void {
    const before = this.states.get(name) ?? 'up';
    this.states.set(name, state);
    if (state === before) return;
    if (state === 'down') this.logger.error({ err: error, dependency: name }, 'A dependency cannot be used: no traffic is asked for');
    else if (state === 'degraded') this.logger.warn({ err: error, dependency: name }, 'A dependency is impaired; traffic is served all the same');
    else this.logger.log({ dependency: name }, 'A dependency can be used again');
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
