import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { z } from 'zod';
import type { Message } from '#libs/memory';
import { requirePrincipal, requireTenant } from '../../../platform/tenancy/tenant-context.js';
import type { QueuedTurn, TurnScope } from '../../memory/memory-turn.types.js';
import type { MemoryTurnsService } from '../../memory/memory-turns.service.js';
import { CircuitBreaker } from '../core/circuit-breaker.js';
import type { EngineHealth } from '../engine.types.js';
import { MemorySource, type Recall, type RecalledMemory } from '../ports/memory-source.js';
import { Mem0Http, type Mem0Request } from './mem0-http.js';
import { longestRecallQuery, mostRecalled, recallBudgetMs } from './own.memory-source.js';

/** Target of the turns that a mem0 server learns from. */
export const mem0Target = 'mem0';

/** Two recalls in a row without an answer, and for a while nobody waits for the server. */
const circuitLimits = { failures: 2, share: 0.5, windowMs: 30_000 };
/** The server asks a model of its own before it answers; nobody waits for it but the queue. */
const addMs = 40_000;
const healthMs = 3_000;
/** Memories among which an earlier attempt at a turn is looked for. */
const lookedThrough = 100;
const longestMemory = 2_000;
/** mem0 itself takes more, other servers (ours too) do not. */
const longestUser = 255;

const found = z.looseObject({
  id: z.coerce.string(),
  memory: z.string(),
  score: z.number().nullish(),
  user_id: z.string().nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});
const results = z.union([z.looseObject({ results: z.array(found) }).transform((answer) => answer.results), z.array(found)]);

/** What the two forms of mem0 say differently. */
export interface Mem0Form {
  search(userId: string, query: string, limit: number): Mem0Request;
  add(userId: string, messages: Message[], metadata: Record<string, unknown>): Mem0Request;
  /** The newest memories of a user. */
  list(userId: string, limit: number): Mem0Request;
  /** Answers quickly when the server is up and the key is right. */
  ping(): Mem0Request;
}

/**
 * Memories kept by a mem0 server. Its users are named by us alone, after tenant and principal: a key of mem0 may read all of them, so
 * nothing of a request decides whose memories are asked for.
 */
export class Mem0MemorySource extends MemorySource {
  private readonly logger = new Logger(Mem0MemorySource.name);
  private readonly circuit: CircuitBreaker;

  /** @param retryMs how long a server that did not answer is left alone */
  constructor(
    private readonly http: Mem0Http,
    private readonly form: Mem0Form,
    private readonly turns: Pick<MemoryTurnsService, 'accept' | 'register'>,
    retryMs: number,
  ) {
    super();
    this.circuit = new CircuitBreaker({ ...circuitLimits, coolDownMs: retryMs });
    turns.register(mem0Target, (turn, signal) => this.deliver(turn, signal));
  }

  async recall(userId: string, query: string, signal?: AbortSignal): Promise<Recall> {
    if (query.trim() === '' || signal?.aborted) return { items: [] };
    const attempt = this.circuit.enter();
    if (!attempt) return { items: [], missed: 'failed' };
    const budget = AbortSignal.timeout(recallBudgetMs);
    try {
      const items = await this.search(mem0User({ ownerId: requirePrincipal().id, userId }), query.slice(0, longestRecallQuery), signal ? AbortSignal.any([budget, signal]) : budget);
      attempt.succeeded();
      return { items };
    } catch (error) {
      if (signal?.aborted) return { items: [] };
      attempt.failed();
      this.logger.warn({ err: error, circuit: this.circuit.state }, 'An answer is made without memories: the mem0 server did not give them');
      return { items: [], missed: budget.aborted ? 'timeout' : 'failed' };
    } finally {
      attempt.released();
    }
  }

  remember(userId: string, turn: Message[]): Promise<void> {
    return this.turns.accept(mem0Target, { ownerId: requirePrincipal().id, userId }, turn);
  }

  override async healthCheck(): Promise<EngineHealth> {
    try {
      await this.http.send(this.form.ping(), AbortSignal.timeout(healthMs));
      return { healthy: true };
    } catch (error) {
      return { healthy: false, detail: error instanceof Error ? error.message : String(error) };
    }
  }

  private async search(user: string, query: string, signal: AbortSignal): Promise<RecalledMemory[]> {
    const answer = results.parse(await this.http.send(this.form.search(user, query, mostRecalled), signal));
    // A server that does not look at the filter would show somebody else's.
    const own = answer.filter(({ user_id: of }) => of === undefined || of === null || of === user);
    return own.slice(0, mostRecalled).map(({ id, memory, score }) => ({ id, text: memory.slice(0, longestMemory), score: score ?? 0 }));
  }

  /** What an earlier attempt has brought there is not brought again. */
  private async deliver({ id, scope, turn, attempt }: QueuedTurn, stop: AbortSignal): Promise<() => Promise<void>> {
    const user = mem0User(scope);
    const signal = AbortSignal.any([stop, AbortSignal.timeout(addMs)]);
    const known = attempt > 1 && results.parse(await this.http.send(this.form.list(user, lookedThrough), signal)).some(({ metadata }) => metadata?.turn === id);
    if (!known) await this.http.send(this.form.add(user, turn, { source: 'ai-stack', turn: id }), signal);
    return () => Promise.resolve();
  }
}

/** `<tenant>:<principal>[:<user>]`. Neither of the first two holds a colon, so that no name of a user makes another's. */
export function mem0User({ ownerId, userId }: TurnScope): string {
  const owner = `${requireTenant().slug}:${ownerId}`;
  const name = userId === '' ? owner : `${owner}:${userId}`;
  return name.length <= longestUser ? name : `${owner}:${createHash('sha256').update(userId).digest('hex')}`;
}
