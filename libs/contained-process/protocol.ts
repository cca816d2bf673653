/** Messages between the pool and a child. One job at a time, one unacknowledged event at a time. */
export type ToChild = { type: 'job'; job: unknown } | { type: 'ack' };

export type FromChild =
  | { type: 'ready' }
  | { type: 'event'; event: unknown }
  | { type: 'result'; result: unknown }
  | { type: 'error'; code: string; message: string };

/** Node arguments of a child; the first user argument carries the limit that the sentinel thread enforces. */
export const memoryLimitArgument = '--contained-memory-limit=';

/** What the sentinel thread writes to the error output before it ends its process for the memory it takes. */
export const overLimitMark = 'contained process: over its memory limit';
