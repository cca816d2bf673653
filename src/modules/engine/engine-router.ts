import { Inject, Injectable, Logger } from '@nestjs/common';
import { AppError } from '#libs/contracts';
import { CircuitBreaker, type Attempt, type CircuitLimits, type CircuitState } from './core/circuit-breaker.js';
import { EngineOutages } from './engine-outages.js';
import { EnginePerformance } from './engine-performance.js';
import { EngineCannotError } from './engine.errors.js';
import { EngineRegistry } from './engine.registry.js';
import type { ChatMessage, EngineEvent, EngineOptions, EngineReason, FinishedRun, RoutedEvent } from './engine.types.js';
import type { Engine } from './ports/engine.js';

export const CIRCUIT_LIMITS = Symbol('CircuitLimits');

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
   */
  async *generate(messages: ChatMessage[], options: EngineOptions, wanted: Wanted): AsyncGenerator<RoutedEvent> {
    const needed = needsModel(options);
    if (needed && !this.can(wanted.name)) throw new EngineCannotError(wanted.name, needed, 'it has no language model');
    const others = this.registry.all.filter(({ standIn }) => standIn).map(({ engine }) => engine.getEngineInfo().name);
    const standIns = wanted.reason === 'requested' ? [] : others.filter((name) => !needed || this.can(name));
    const waiting = [...new Set([wanted.name, ...standIns])];
    let failure: unknown;
    for (let candidate = this.next(waiting, wanted, true); candidate; candidate = this.next(waiting, wanted, false)) {
      let told = false;
      try {
        for await (const event of this.ask(candidate, messages, options)) {
          told = true;
          yield event;
        }
        return;
      } catch (error) {
        if (told || !isOutage(error) || options.signal?.aborted || waiting.length === 0) throw error;
        failure = error;
        this.logger.warn({ err: error, engine: candidate.engine.getEngineInfo().name }, 'An engine did not answer; another one is asked');
      }
    }
    throw failure;
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

  private async *ask({ engine, attempt, reason }: Candidate, messages: ChatMessage[], options: EngineOptions): AsyncGenerator<RoutedEvent> {
    const { name, model } = engine.getEngineInfo();
    const startedAt = performance.now();
    const run: FinishedRun = { engine: name, model, reason, status: 'cancelled', firstTokenMs: null, memoryMs: null, generationMs: 0, text: '' };
    try {
      for await (const event of engine.generateResponse(messages, options)) {
        if (!isCancelled(event)) attempt?.succeeded();
        observe(run, event, performance.now() - startedAt);
        yield event.type === 'done' ? { type: 'done', answer: { ...event.answer, engine: name, model: event.answer.model ?? model, engineReason: reason } } : event;
      }
    } catch (error) {
      if (!options.signal?.aborted) run.status = 'failed';
      if (isOutage(error) && !options.signal?.aborted) attempt?.failed();
      throw error;
    } finally {
      attempt?.released();
      this.performance.record(messages, options, { ...run, generationMs: performance.now() - startedAt });
    }
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

/** A run that never comes to its end was left by its caller: it stays cancelled. */
function observe(run: FinishedRun, event: EngineEvent, ms: number): void {
  if (event.type !== 'done') {
    run.firstTokenMs ??= event.type === 'tool_run' ? null : ms;
    if (event.type === 'delta') run.text += event.text;
    return;
  }
  run.text = event.answer.text;
  run.usage = event.answer.usage;
  run.model = event.answer.model ?? run.model;
  run.memoryMs = event.answer.memory?.tookMs ?? null;
  if (event.answer.finishReason !== 'cancelled') run.status = 'ok';
}

function isCancelled(event: EngineEvent): boolean {
  return event.type === 'done' && event.answer.finishReason === 'cancelled';
}
