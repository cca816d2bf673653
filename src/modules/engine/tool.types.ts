import type { z } from 'zod';
import type { Permission } from '../../platform/security/permissions.js';
import type { ToolCall } from './engine.types.js';

/** Something that a model may have done for it. Features register theirs with the ToolRegistry. */
export interface Tool<Arguments extends z.ZodObject = z.ZodObject> {
  /** As models write it: letters, digits, `_` and `-`, at most 64. */
  name: string;
  /** For the model: what it does and when it helps. */
  description: string;
  /** What the principal must hold; without it the tool is not offered and refuses. */
  permission: Permission;
  arguments: Arguments;
  /** 5,000 unless told. */
  timeoutMs?: number;
  /** Runs in the tenant and for the principal of the request. @returns what JSON can carry */
  run(input: z.infer<Arguments>, signal: AbortSignal): Promise<unknown>;
}

/** A call that has been run. It never fails for the user: a failure is a result that the model reads. */
export interface ToolOutcome {
  call: ToolCall;
  ok: boolean;
  /** JSON for the model, cut at the limit on results. */
  content: string;
  tookMs: number;
}
