/** The thread of the replica has ended: it is to be opened anew. What it had is on the disk or in the log. */
export class ReplicaLostError extends Error {
  override readonly name = 'ReplicaLostError';

  constructor(cause?: unknown) {
    super('The thread of the search index has ended.', { cause });
  }
}

/** As many searches wait for the thread as may. */
export class ThreadBusyError extends Error {
  override readonly name = 'ThreadBusyError';

  constructor() {
    super('More searches wait for the index than it can answer soon.');
  }
}

/** Whether an error of the thread is a `ReplicaStalledError`: the change can be tried again later. */
export const isStalled = (error: unknown): boolean => error instanceof Error && error.name === 'ReplicaStalledError';
