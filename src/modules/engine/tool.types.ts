import type { z } from 'zod';
import type { Permission } from '../../platform/security/permissions.js';
import type { DocumentScope, ToolCall, ToolDefinition } from './engine.types.js';

/** What the answer that a tool works for is bound to. */
export interface ToolScope {
  /** Fires at the tool's time limit and when the caller leaves. */
  signal: AbortSignal;
  documents?: DocumentScope;
}

/** Something that a model may have done for it. Features register theirs with the ToolRegistry. */
export interface Tool<Arguments extends z.ZodObject = z.ZodObject> {
  /** As models write it: letters, digits, `_` and `-`, at most 64. */
  name: string;
  /** For the model: what it does and when it helps; at most 1,024 characters. */
  description: string;
  /** What the principal must hold; without it the tool is not offered and refuses. */
  permission: Permission;
  /** Optional arguments, not nullable ones; five levels deep at most; no union at the root, no records, no tuples. */
  arguments: Arguments;
  /** 5,000 unless told. */
  timeoutMs?: number;
  /** Runs in the tenant and for the principal of the request. @returns what JSON can carry; more than 16,384 characters of it are cut */
  run(input: z.infer<Arguments>, scope: ToolScope): unknown;
}

/** For whom and within what a call is run. */
export interface ToolRunOptions {
  signal?: AbortSignal;
  /** The tools that were offered; null, as when absent: all that the principal may use. */
  names?: readonly string[] | null;
  documents?: DocumentScope;
}

/** A call that has been run. It never fails for the user: a failure is a result that the model reads. */
export interface ToolOutcome {
  call: ToolCall;
  ok: boolean;
  /** JSON for the model, at most 16,384 characters; of a failure `{"error": {"code", "message"}}`. */
  content: string;
  tookMs: number;
}

/** What became of a tool's calls. */
export interface ToolUse {
  runs: number;
  failed: number;
  totalMs: number;
}

export interface ToolView extends ToolDefinition {
  permission: Permission;
  /** Whether the principal may use it. */
  allowed: boolean;
  figures: ToolUse;
}
