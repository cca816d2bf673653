import { Worker } from 'node:worker_threads';
import { memoryLimitArgument, type FromChild, type ToChild } from './protocol.js';

/** Does one job. `emit` resolves when the parent has taken the event: await it before making the next one. */
export type JobHandler = (job: never, emit: (event: unknown) => Promise<void>) => Promise<unknown>;

/**
 * The child's side of a {@link ContainedPool}: call it once at the end of the entry module.
 * Errors thrown by the handler reach the caller with their `code` and `message`; their stack stays here.
 */
export function serveJobs<Job, Event, Result>(
  handler: (job: Job, emit: (event: Event) => Promise<void>) => Promise<Result>,
): void {
  let acknowledge: (() => void) | undefined;
  const emit = async (event: Event): Promise<void> => {
    await new Promise<void>((resolve) => {
      acknowledge = resolve;
      send({ type: 'event', event });
    });
  };
  process.on('message', (message: ToChild) => {
    if (message.type === 'ack') {
      acknowledge?.();
      return;
    }
    handler(message.job as Job, emit).then(
      (result) => send({ type: 'result', result }),
      (error: unknown) => send({ type: 'error', ...describe(error) }),
    );
  });
  process.on('disconnect', () => process.exit(0));
  startSentinel();
  send({ type: 'ready' });
}

function send(message: FromChild): void {
  // A parent that is gone cannot be told anything; 'disconnect' ends this process.
  if (process.connected) process.send?.(message);
}

function describe(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: 'failed', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'failed';
  return { code, message: error.message };
}

/** A loop that never yields hears no 'disconnect': a second thread watches the parent and the memory. */
function startSentinel(): void {
  const limit = process.argv.find((argument) => argument.startsWith(memoryLimitArgument));
  const sentinel = new Worker(new URL('./sentinel.js', import.meta.url), {
    workerData: { parent: process.ppid, memoryLimitBytes: Number(limit?.slice(memoryLimitArgument.length) ?? 0) },
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
    execArgv: [],
  });
  sentinel.unref();
}
