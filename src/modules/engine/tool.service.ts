import { Injectable, Logger } from '@nestjs/common';
import type { z } from 'zod';
import { AppError } from '#libs/contracts';
import { grants } from '../../platform/security/permissions.js';
import { currentContext, requirePrincipal, requireTenant } from '../../platform/tenancy/tenant-context.js';
import { Places } from './core/places.js';
import { toolFailure, toolResult } from './core/tool-result.js';
import { parseArguments } from './core/tool-schema.js';
import type { ToolCall, ToolDefinition } from './engine.types.js';
import { ToolFigures } from './tool.figures.js';
import { ToolRegistry } from './tool.registry.js';
import type { Tool, ToolOutcome, ToolRunOptions, ToolScope, ToolView } from './tool.types.js';

const defaultTimeoutMs = 5_000;
const longestArguments = 64 * 1024;
const longestResult = 16 * 1024;
const mostFaults = 10;
/** Tools at work in this process: a tenant's fifth waits, so that nobody's tools hold up everybody's. */
const places = { total: 32, perKey: 4, waitingPerKey: 64 };

/** Runs tools for language models: what they ask for is checked, limited, and answered in every case. */
@Injectable()
export class ToolService {
  private readonly logger = new Logger(ToolService.name);
  private readonly places = new Places(places);
  private readonly figures = new ToolFigures();

  constructor(private readonly registry: ToolRegistry) {}

  /** What the model is told of the tools that the principal may use. @param names only these; null: all */
  definitions(names: readonly string[] | null): ToolDefinition[] {
    const { permissions } = requirePrincipal();
    return this.registry.all.filter(({ tool }) => (names === null || names.includes(tool.name)) && grants(permissions, tool.permission)).map(({ definition }) => definition);
  }

  /** All of them, with whether the principal may use each and how often the tenant did on this process. */
  list(): ToolView[] {
    const { permissions } = requirePrincipal();
    const { tenantId } = requireTenant();
    return this.registry.all.map(({ tool, definition }) => ({ ...definition, permission: tool.permission, allowed: grants(permissions, tool.permission), figures: this.figures.of(tenantId, tool.name) }));
  }

  has(name: string): boolean {
    return this.registry.find(name) !== undefined;
  }

  /**
   * Runs a call as a model wrote it, for the current principal. Never rejects: whatever goes wrong is a result that the model reads.
   */
  async run(call: ToolCall, options: ToolRunOptions = {}): Promise<ToolOutcome> {
    const { result, ...outcome } = await this.measure(call, options);
    return { call, ...outcome, content: typeof result === 'string' ? result : this.explain(call.name, result.error) };
  }

  /** The same for a person who tries the tool out. @returns JSON for the model @throws whatever went wrong: tool.bad_arguments, tool.forbidden, tool.timeout, … */
  async tryOut(call: ToolCall, signal: AbortSignal): Promise<Pick<ToolOutcome, 'content' | 'tookMs'>> {
    const { result, tookMs } = await this.measure(call, { signal });
    if (typeof result !== 'string') throw result.error;
    return { content: result, tookMs };
  }

  private async measure(call: ToolCall, options: ToolRunOptions): Promise<{ ok: boolean; result: string | { error: unknown }; tookMs: number }> {
    const startedAt = performance.now();
    const result = await this.attempt(call, options).catch((error: unknown) => ({ error }));
    const ok = typeof result === 'string';
    const tookMs = Math.round((performance.now() - startedAt) * 10) / 10;
    const tenant = currentContext()?.tenant;
    if (tenant && this.has(call.name)) this.figures.count(tenant.tenantId, call.name, ok, tookMs);
    return { ok, result, tookMs };
  }

  private async attempt({ name, arguments: written }: ToolCall, { signal, names = null, documents }: ToolRunOptions): Promise<string> {
    const tool = this.allowed(name, names);
    const input = read(tool, written);
    const limit = AbortSignal.timeout(tool.timeoutMs ?? defaultTimeoutMs);
    const stop = signal ? AbortSignal.any([signal, limit]) : limit;
    try {
      return toolResult(await this.within(tool, input, { signal: stop, documents }), longestResult);
    } catch (error) {
      if (signal?.aborted) throw new AppError('tool.cancelled', 'unavailable', 'The caller left before the tool was done.');
      if (limit.aborted) throw new AppError('tool.timeout', 'timeout', `The tool was not done within ${tool.timeoutMs ?? defaultTimeoutMs} ms. Ask for less, or answer without it.`);
      if (error instanceof RangeError && error.message === Places.full) throw new AppError('tool.busy', 'limited', 'Too many tools are at work. Answer without it, or try again.');
      throw error;
    }
  }

  /** Waits for the tool until the signal fires. One that goes on all the same keeps its place until it ends: so its number stays bounded. */
  private async within(tool: Tool, input: unknown, scope: ToolScope): Promise<unknown> {
    const { signal: stop } = scope;
    const leave = await this.places.enter(requireTenant().tenantId, stop);
    const work = (async () => tool.run(input as never, scope))().finally(leave);
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(stop.reason as Error);
      stop.addEventListener('abort', giveUp, { once: true });
      // A tool may have been told before it returned.
      if (stop.aborted) giveUp();
      work.finally(() => stop.removeEventListener('abort', giveUp)).then(resolve, reject);
    });
  }

  private allowed(name: string, names: readonly string[] | null): Tool {
    const registered = this.registry.find(name);
    if (!registered || (names !== null && !names.includes(name))) {
      throw new AppError('tool.unknown', 'not_found', `There is no tool "${name.slice(0, 64)}"; there is: ${this.definitions(names).map((one) => one.name).join(', ') || 'none'}.`);
    }
    const { tool } = registered;
    if (!grants(requirePrincipal().permissions, tool.permission)) throw new AppError('tool.forbidden', 'forbidden', `The user lacks the permission ${tool.permission}.`);
    return tool;
  }

  /** What the model may know. Errors that nobody raised on purpose may hold anything: they are for the log only. */
  private explain(name: string, error: unknown): string {
    if (error instanceof AppError) {
      this.logger.log({ tool: name.slice(0, 64), code: error.code }, 'A tool call came to nothing');
      return toolFailure(error.code, error.message.slice(0, 2_000));
    }
    this.logger.warn({ err: error, tool: name.slice(0, 64) }, 'A tool failed');
    return toolFailure('tool.failed', 'The tool failed. Answer without it.');
  }
}

/** @throws AppError that tells the model what to write instead */
function read(tool: Tool, written: string): z.infer<Tool['arguments']> {
  if (written.length > longestArguments) throw new AppError('tool.bad_arguments', 'invalid', `The arguments are longer than ${longestArguments} characters.`);
  let value: unknown;
  try {
    value = parseArguments(written);
  } catch (error) {
    throw new AppError('tool.bad_arguments', 'invalid', `The arguments are not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { success, data, error } = tool.arguments.safeParse(value);
  if (success) return data;
  const faults = error.issues.slice(0, mostFaults).map(({ path, message }) => `${path.join('.') || '(arguments)'}: ${message}`);
  throw new AppError('tool.bad_arguments', 'invalid', `The arguments do not fit the tool's schema. ${faults.join('; ')}`);
}
