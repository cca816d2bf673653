import { fork, type ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ContainedJobError, type ContainedJobReason } from './contained-job-error.js';
import { residentBytes } from './memory-use.js';
import { memoryLimitArgument, overLimitMark, type FromChild, type ToChild } from './protocol.js';

export interface ChildSettings {
  entry: URL;
  memoryLimitBytes: number;
  env: Record<string, string>;
}

export interface ChildJob {
  job: unknown;
  timeoutMs: number;
  signal?: AbortSignal;
  onEvent?: (event: never) => Promise<void> | void;
}

const watchPeriodMs = 25;
const keptOutputCharacters = 4096;
/** After SIGKILL the system normally reaps within milliseconds; do not wait longer than this for it. */
const reapWaitMs = 5000;

/** One forked process. It does one job at a time and is not used again after anything but success or the job's own error. */
export class ContainedChild {
  readonly exited: Promise<void>;
  jobsDone = 0;
  private readonly process: ChildProcess;
  private output = '';
  private hasExited = false;
  private exitNote = '';
  private onMessage: (message: FromChild) => void = () => undefined;
  private onExit: () => void = () => undefined;
  /** The event that the parent is taking, or has taken last; never rejects. */
  private delivery: Promise<void> = Promise.resolve();

  constructor(private readonly settings: ChildSettings) {
    const heapMb = Math.max(32, Math.floor((settings.memoryLimitBytes / 2 ** 20) * 0.8));
    this.process = fork(fileURLToPath(settings.entry), [memoryLimitArgument + String(settings.memoryLimitBytes)], {
      env: settings.env,
      execArgv: [`--max-old-space-size=${heapMb}`],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output = (this.output + text).slice(-keptOutputCharacters);
      });
    }
    this.process.on('message', (message) => this.onMessage(message as FromChild));
    this.exited = new Promise((resolve) => {
      const ended = (note: string) => {
        this.hasExited = true;
        this.exitNote ||= note;
        resolve();
      };
      this.process.on('error', (error) => {
        ended(error.message);
        this.onExit();
      });
      this.process.on('exit', (code, signal) => ended(signal ?? `exit code ${String(code)}`));
      // After the last of its output, which tells why it ended.
      this.process.on('close', () => this.onExit());
    });
    lowerPriority(this.process.pid);
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  get alive(): boolean {
    return !this.hasExited && this.process.connected;
  }

  /** Resident memory now; 0 when the system does not tell. */
  memoryBytes(): number {
    return (this.pid !== undefined && residentBytes(this.pid)) || 0;
  }

  /** An idle child must not keep its parent from ending. */
  setIdle(idle: boolean): void {
    const handles = [this.process, this.process.channel, this.process.stdout, this.process.stderr] as { ref?(): void; unref?(): void }[];
    for (const handle of handles) {
      if (idle) handle?.unref?.();
      else handle?.ref?.();
    }
  }

  /** Runs one job to its end, that of `onEvent` included. Rejects with {@link ContainedJobError}, or with what `onEvent` threw. */
  async run(work: ChildJob): Promise<unknown> {
    const watch = new JobWatch(this, work, this.settings.memoryLimitBytes);
    try {
      return await new Promise((resolve, reject) => {
        watch.start(reject);
        this.onMessage = (message) => {
          if (message.type === 'event') this.delivery = this.deliver(work, message.event, watch).catch(reject);
          else if (message.type === 'result') resolve(message.result);
          else if (message.type === 'error') reject(new ContainedJobError('failed', message.message, { code: message.code }));
        };
        this.onExit = () => reject(this.deathOf());
        if (this.hasExited) this.onExit();
        else this.send({ type: 'job', job: work.job });
      });
    } catch (error) {
      this.onMessage = () => undefined;
      if (!(error instanceof ContainedJobError && error.reason === 'failed')) await this.kill();
      // The caller must be able to rely on it that nothing of this job is written after it has ended.
      await this.delivery;
      throw error;
    } finally {
      watch.stop();
      this.jobsDone += 1;
      this.onMessage = () => undefined;
      this.onExit = () => undefined;
    }
  }

  /** Ends the process at once and waits until the system has taken its memory back. */
  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([this.exited, new Promise((resolve) => (timer = setTimeout(resolve, reapWaitMs)))]);
    clearTimeout(timer);
  }

  lastOutput(): string {
    return this.output;
  }

  private async deliver(work: ChildJob, event: unknown, watch: JobWatch): Promise<void> {
    // The child waits meanwhile, so the parent's time is not counted against its limit.
    watch.pauseClock();
    await work.onEvent?.(event as never);
    watch.resumeClock();
    this.send({ type: 'ack' });
  }

  private send(message: ToChild): void {
    // A child that has just died reports itself through 'exit'; the failed write has nothing to add.
    if (this.process.connected) this.process.send(message, () => undefined);
  }

  private deathOf(): ContainedJobError {
    // A SIGKILL without the sentinel's mark came from outside: an operator, or the system for want of memory, whoever took it.
    const outOfMemory = /heap out of memory|Array buffer allocation failed/i.test(this.output) || this.output.includes(overLimitMark);
    const reason: ContainedJobReason = outOfMemory ? 'memory' : 'crashed';
    const message =
      reason === 'memory' ? memoryMessage(this.settings.memoryLimitBytes) : `The working process ended unexpectedly (${this.exitNote}).`;
    return new ContainedJobError(reason, message, { output: this.output });
  }
}

/** The limits of one running job: time, memory, the caller's signal. */
class JobWatch {
  private usedMs = 0;
  private since = performance.now();
  private running = true;
  private timer: NodeJS.Timeout | undefined;
  private fail: (error: Error) => void = () => undefined;

  constructor(
    private readonly child: ContainedChild,
    private readonly work: ChildJob,
    private readonly memoryLimitBytes: number,
  ) {}

  start(fail: (error: Error) => void): void {
    this.fail = fail;
    this.work.signal?.addEventListener('abort', this.abort);
    if (this.work.signal?.aborted) this.abort();
    this.timer = setInterval(() => this.look(), watchPeriodMs);
  }

  stop(): void {
    clearInterval(this.timer);
    this.work.signal?.removeEventListener('abort', this.abort);
  }

  pauseClock(): void {
    this.usedMs += performance.now() - this.since;
    this.running = false;
  }

  resumeClock(): void {
    this.since = performance.now();
    this.running = true;
  }

  private readonly abort = (): void => this.fail(new ContainedJobError('cancelled', 'The job was cancelled.'));

  private look(): void {
    const usedMs = this.usedMs + (this.running ? performance.now() - this.since : 0);
    if (usedMs > this.work.timeoutMs) {
      const message = `The work took longer than ${this.work.timeoutMs / 1000} s and was stopped.`;
      this.fail(new ContainedJobError('timeout', message, { output: this.child.lastOutput() }));
    } else if (this.child.memoryBytes() > this.memoryLimitBytes) {
      this.fail(new ContainedJobError('memory', memoryMessage(this.memoryLimitBytes), { output: this.child.lastOutput() }));
    }
  }
}

function memoryMessage(limitBytes: number): string {
  return `The work needed more than ${Math.round(limitBytes / 2 ** 20)} MB of memory and was stopped.`;
}

function lowerPriority(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Some containers forbid it; the job then merely competes on equal terms.
    return;
  }
}
