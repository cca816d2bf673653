/**
 * Why a contained job gave no result.
 * - `failed`: the job itself threw; `code` is its own code
 * - `timeout`, `memory`, `crashed`: the child was ended or ended by itself
 * - `cancelled`: the caller's AbortSignal fired
 * - `busy`: the waiting line was full, or too slow; nothing was started
 * - `closed`: the pool was closed before the job ended
 */
export type ContainedJobReason = 'failed' | 'timeout' | 'memory' | 'crashed' | 'cancelled' | 'busy' | 'closed';

/** A contained job ended without a result. The process that asked for it is unharmed. */
export class ContainedJobError extends Error {
  /** The job's own code when `reason` is `failed`, else the reason itself. */
  readonly code: string;
  /** The end of what the child wrote to stderr: for logs, never for clients. */
  readonly output: string;

  constructor(
    readonly reason: ContainedJobReason,
    message: string,
    details: { code?: string; output?: string } = {},
  ) {
    super(message);
    this.name = 'ContainedJobError';
    this.code = details.code ?? reason;
    this.output = details.output ?? '';
  }
}
