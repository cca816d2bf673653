import { Inject, Injectable, Logger } from '@nestjs/common';
import { AppError } from '#libs/contracts';
import { currentContext, requireTenant } from '../../platform/tenancy/tenant-context.js';
import { CircuitBreaker, type Attempt, type CircuitLimits, type CircuitState } from './core/circuit-breaker.js';
import { OpenAnswers, type AnswerLimits } from './core/open-answers.js';
import { GrowingText } from './core/growing-text.js';
import { EngineOutages } from './engine-outages.js';
import { EnginePerformance } from './engine-performance.js';
import { EngineCannotError, TooManyAnswersError } from './engine.errors.js';
import { EngineRegistry } from './engine.registry.js';
import type { FinishedRun } from './engine-run.types.js';
import type { ChatMessage, EngineAnswer, EngineEvent, EngineOptions, EngineReason, RoutedEvent } from './engine.types.js';
import type { Engine } from './ports/engine.js';

export const CIRCUIT_LIMITS = Symbol('CircuitLimits');

/** Answers under way at once. A key takes a tenth of what a process can hold. */
const mostAnswers: AnswerLimits = { principal: 1_000, tenant: 3_000, process: 10_000 };

/** Who should answer, and why. */
export interface Wanted {
  name: string;
  reason: EngineReason;
}

/** An engine that is let try. */
interface Candidate {
  engine: Engine;
  attempt: Attempt | undefined;
  reason: EngineReason;
}

/** Sends each question to an engine that is up. What this process learns of an engine holds for all tenants. */
@Injectable()
export class EngineRouter {
  private readonly logger = new Logger(EngineRouter.name);
  private readonly circuits: ReadonlyMap<string, CircuitBreaker>;
  private readonly open = new OpenAnswers(mostAnswers);

  constructor(
    private readonly registry: EngineRegistry,
    @Inject(CIRCUIT_LIMITS) limits: CircuitLimits,
    private readonly performance: EnginePerformance,
    private readonly outages: EngineOutages,
  ) {
    this.circuits = new Map(registry.names.map((name) => [name, new CircuitBreaker(limits, undefined, (state) => this.tell(name, state))]));
  }

  circuit(name: string): CircuitBreaker {
    return this.circuits.get(this.registry.get(name).engine.getEngineInfo().name) as CircuitBreaker;
  }

  /**
   * Answers with the wanted engine; when it is down, with the next one that may stand in for it. An engine that fails after it
   * has said something is not replaced: two engines never speak in one answer. A request that names its engine gets that one
   * or its error.
   * @throws engine.too_many_answers
   */
  async *generate(messages: ChatMessage[], options: EngineOptions, want: () => Promise<Wanted>): AsyncGenerator<RoutedEvent> {
    const leave = this.enter();
    try {
      const wanted = await want();
      const waiting = this.candidates(wanted, options);
      let failure: unknown;
      for (let candidate = this.next(waiting, wanted, true); candidate; candidate = this.next(waiting, wanted, false)) {
        const run = new WatchedRun(candidate, options.signal);
        try {
          for await (const event of candidate.engine.generateResponse(messages, options)) yield run.see(event);
          return;
        } catch (error) {
          run.fail(error);
          if (run.told || !isOutage(error) || options.signal?.aborted || waiting.length === 0) throw error;
          failure = error;
          this.logger.warn({ err: error, engine: candidate.engine.getEngineInfo().name }, 'An engine did not answer; another one is asked');
        } finally {
          this.performance.record(messages, options, run.end());
        }
      }
      throw failure;
    } finally {
      leave();
    }
  }

  /** @throws TooManyAnswersError */
  private enter(): () => void {
    const entered = this.open.enter({ tenantId: requireTenant().tenantId, principalId: currentContext()?.principal?.id ?? '' });
    if (typeof entered === 'string') throw new TooManyAnswersError(entered, mostAnswers[entered]);
    return entered;
  }

  /** Names of the engines that may answer, the wanted one first. */
  private candidates({ name, reason }: Wanted, options: EngineOptions): string[] {
    const needed = needsModel(options);
    if (needed && !this.can(name)) throw new EngineCannotError(name, needed, 'it has no language model');
    const others = this.registry.all.filter(({ standIn }) => standIn).map(({ engine }) => engine.getEngineInfo().name);
    const standIns = reason === 'requested' ? [] : others.filter((other) => !needed || this.can(other));
    return [...new Set([name, ...standIns])];
  }

  /** Takes engines off the list up to the first one that may try. When every circuit is open at the start, the wanted engine tries all the same. */
  private next(waiting: string[], { name, reason }: Wanted, start: boolean): Candidate | undefined {
    while (waiting.length > 0) {
      const candidate = waiting.shift() as string;
      const attempt = this.circuit(candidate).enter();
      if (attempt || reason === 'requested') return { engine: this.registry.get(candidate).engine, attempt, reason: candidate === name ? reason : 'failover' };
    }
    return start ? { engine: this.registry.get(name).engine, attempt: undefined, reason } : undefined;
  }

  /** What only a language model can is told by its tools. */
  private can(name: string): boolean {
    return this.registry.get(name).engine.getEngineInfo().capabilities.tools;
  }

  private tell(engine: string, state: CircuitState): void {
    this.outages.tell(engine, state);
    if (state === 'open') this.logger.warn({ engine }, 'The circuit of an engine is open: others answer in its place');
    else this.logger.log({ engine, state }, state === 'closed' ? 'An engine is back' : 'An engine is tried again');
  }
}

/** The part of a request, as its callers name it, that extracted sentences cannot be an answer to. */
function needsModel({ callerTools, sampling }: EngineOptions): string | undefined {
  if (callerTools && callerTools.choice !== 'none') return 'tools';
  return sampling?.responseFormat ? 'response_format' : undefined;
}

/** The engine's own trouble; anything else is about the question. */
function isOutage(error: unknown): boolean {
  return !(error instanceof AppError) || error.kind === 'unavailable' || error.kind === 'timeout';
}

/** One attempt of an engine at an answer, as it is seen from outside. One that never comes to its end was left by its caller: it stays cancelled. */
class WatchedRun {
  /** It has said something: nobody else may go on. */
  told = false;
  private readonly startedAt = performance.now();
  private readonly run: FinishedRun;
  private readonly said = new GrowingText();

  constructor(
    private readonly candidate: Candidate,
    private readonly signal: AbortSignal | undefined,
  ) {
    const { name: engine, model } = candidate.engine.getEngineInfo();
    this.run = { engine, model, reason: candidate.reason, status: 'cancelled', firstTokenMs: null, memoryMs: null, generationMs: 0, text: '', told: false };
  }

  see(event: EngineEvent): RoutedEvent {
    if (!this.told && !isCancelled(event)) this.candidate.attempt?.succeeded();
    this.told = true;
    if (event.type === 'done') return this.seeEnd(event.answer);
    this.run.firstTokenMs ??= event.type === 'tool_run' ? null : performance.now() - this.startedAt;
    if (event.type === 'delta') this.said.add(event.text);
    return event;
  }

  fail(error: unknown): void {
    if (this.signal?.aborted) return;
    this.run.status = 'failed';
    if (isOutage(error)) this.candidate.attempt?.failed();
  }

  end(): FinishedRun {
    this.candidate.attempt?.released();
    return { ...this.run, told: this.told, text: this.run.text || this.said.toString(), generationMs: performance.now() - this.startedAt };
  }

  private seeEnd(answer: EngineAnswer): RoutedEvent {
    const { run } = this;
    run.text = answer.text;
    run.usage = answer.usage;
    run.memoryMs = answer.memory?.tookMs ?? null;
    if (answer.finishReason !== 'cancelled') run.status = 'ok';
    const routed = { ...answer, engine: run.engine, model: answer.model ?? run.model, engineReason: run.reason };
    run.model = routed.model;
    return { type: 'done', answer: routed };
  }
}

function isCancelled(event: EngineEvent): boolean {
  return event.type === 'done' && event.answer.finishReason === 'cancelled';
}
