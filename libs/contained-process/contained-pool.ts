import { ContainedChild, type ChildJob } from './contained-child.js';
import { ContainedJobError } from './contained-job-error.js';

export interface ContainedPoolOptions {
  /** The compiled module that a child runs; it calls `serveJobs`. */
  entry: URL;
  /** Children at the same time. Default 1. */
  size?: number;
  /** Resident memory at which a child is killed. Default 512 MB. */
  memoryLimitBytes?: number;
  /** Time a job may take; what the parent spends on its events is not counted. Default 60 s. */
  timeoutMs?: number;
  /** A child is replaced after so many jobs. Default 200. */
  maxJobsPerChild?: number;
  /** An idle child is ended after this time, so that its memory returns. Default 10 s. */
  idleMs?: number;
  /** Jobs that may wait; one more is refused as `busy`. Default 100. */
  maxQueued?: number;
  /** A job that has not begun after this time leaves the line as `busy`. Default: never. */
  maxWaitMs?: number;
  /** The child's whole environment. Default empty: no secret of the parent is inherited. */
  env?: Record<string, string>;
}

export interface RunOptions<Event> {
  /** Kills the child of a running job, or takes a waiting one out of the line. */
  signal?: AbortSignal;
  /** Takes one event; the child makes the next one only after the returned promise is fulfilled. */
  onEvent?: (event: Event) => Promise<void> | void;
  timeoutMs?: number;
}

interface Waiting {
  work: ChildJob;
  /** Takes the job out of the line when the caller's signal fires before it started. */
  leave: () => void;
  timer: NodeJS.Timeout | undefined;
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
}

/**
 * Runs untrusted, CPU-heavy jobs in forked processes, each under a memory and a time limit, so that a hostile
 * input ends its child and nothing else. Children start when needed, stay warm while there is work, and are
 * gone after `idleMs`.
 */
export class ContainedPool<Job, Event = never, Result = unknown> {
  private readonly options: Required<ContainedPoolOptions>;
  private readonly idle = new Map<ContainedChild, NodeJS.Timeout>();
  private readonly busy = new Set<ContainedChild>();
  private readonly line: Waiting[] = [];
  private closed = false;

  constructor(options: ContainedPoolOptions) {
    this.options = {
      size: 1,
      memoryLimitBytes: 512 * 2 ** 20,
      timeoutMs: 60_000,
      maxJobsPerChild: 200,
      idleMs: 10_000,
      maxQueued: 100,
      maxWaitMs: Infinity,
      env: {},
      ...options,
    };
  }

  /** Figures for health pages and tests. */
  get state(): { busy: number; idle: number; queued: number; pids: number[] } {
    const children = [...this.busy, ...this.idle.keys()];
    const pids = children.map((child) => child.pid).filter((pid) => pid !== undefined);
    return { busy: this.busy.size, idle: this.idle.size, queued: this.line.length, pids };
  }

  /** Rejects with {@link ContainedJobError}, or with whatever `onEvent` threw (the child is then killed). */
  run(job: Job, options: RunOptions<Event> = {}): Promise<Result> {
    if (this.closed) return Promise.reject(new ContainedJobError('closed', 'The pool is closed.'));
    if (options.signal?.aborted) return Promise.reject(new ContainedJobError('cancelled', 'The job was cancelled.'));
    if (this.busy.size >= this.options.size && this.line.length >= this.options.maxQueued) {
      return Promise.reject(new ContainedJobError('busy', `${this.line.length} jobs are waiting already; try again later.`));
    }
    const { signal, onEvent, timeoutMs = this.options.timeoutMs } = options;
    const { maxWaitMs } = this.options;
    return new Promise<Result>((resolve, reject) => {
      const leave = () => this.leaveLine(waiting, new ContainedJobError('cancelled', 'The job was cancelled.'));
      const giveUp = () => this.leaveLine(waiting, new ContainedJobError('busy', `Other jobs took longer than ${maxWaitMs / 1000} s; try again later.`));
      const timer = Number.isFinite(maxWaitMs) ? setTimeout(giveUp, maxWaitMs) : undefined;
      const waiting: Waiting = { work: { job, signal, onEvent, timeoutMs }, leave, timer, resolve: resolve as Waiting['resolve'], reject };
      this.line.push(waiting);
      signal?.addEventListener('abort', leave, { once: true });
      this.startWaiting();
    });
  }

  /** Refuses new jobs, kills every child, and returns when they are gone. Waiting and running jobs reject with `closed`. */
  async close(): Promise<void> {
    this.closed = true;
    for (const waiting of [...this.line]) this.leaveLine(waiting, new ContainedJobError('closed', 'The pool was closed.'));
    for (const timer of this.idle.values()) clearTimeout(timer);
    const children = [...this.busy, ...this.idle.keys()];
    this.idle.clear();
    await Promise.all(children.map((child) => child.kill()));
  }

  private leaveLine(waiting: Waiting, reason: ContainedJobError): void {
    const place = this.line.indexOf(waiting);
    if (place < 0) return;
    this.line.splice(place, 1);
    clearTimeout(waiting.timer);
    waiting.reject(reason);
  }

  private startWaiting(): void {
    while (this.busy.size < this.options.size) {
      const next = this.line.shift();
      if (!next) return;
      void this.perform(next);
    }
  }

  private async perform({ work, leave, timer, resolve, reject }: Waiting): Promise<void> {
    work.signal?.removeEventListener('abort', leave);
    clearTimeout(timer);
    const child = this.takeChild();
    this.busy.add(child);
    try {
      resolve(await child.run(work));
    } catch (error) {
      const ended = this.closed && error instanceof ContainedJobError && error.reason !== 'failed';
      reject(ended ? new ContainedJobError('closed', 'The pool was closed.') : error);
    } finally {
      this.busy.delete(child);
      this.giveBack(child);
      this.startWaiting();
    }
  }

  private takeChild(): ContainedChild {
    for (const [child, timer] of this.idle) {
      clearTimeout(timer);
      this.idle.delete(child);
      if (!child.alive) continue;
      child.setIdle(false);
      return child;
    }
    return new ContainedChild(this.options);
  }

  private giveBack(child: ContainedChild): void {
    const worn = child.jobsDone >= this.options.maxJobsPerChild || child.memoryBytes() > this.options.memoryLimitBytes / 2;
    if (!child.alive || worn || this.closed) {
      void child.kill();
      return;
    }
    child.setIdle(true);
    const timer = setTimeout(() => {
      this.idle.delete(child);
      void child.kill();
    }, this.options.idleMs);
    timer.unref();
    this.idle.set(child, timer);
  }
}
