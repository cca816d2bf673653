import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError, textOf } from './errors.js';
import { launch, type LaunchPlan } from './launch.js';
import { withLock } from './lock.js';
import { findPostmaster, type Postmaster } from './postmaster.js';
import { isPostgresOn } from './processes.js';

const LOOK_EVERY_MS = 500;
/** After a failed restart the pause doubles up to this. */
const MAX_PAUSE_MS = 30_000;

/** What a process that uses the server needs to start it again. */
export interface ServerUse extends Omit<LaunchPlan, 'deadline' | 'tcpPort'> {
  /** How long one start may take, and how long to wait for another process's. */
  readonly timeoutMs: number;
}

/** Under the start lock: the server that is running, or a new one. */
export async function adoptOrLaunch(plan: LaunchPlan): Promise<{ server: Postmaster; adopted: boolean }> {
  const running = await findRunning(plan);
  const server = running ?? (await launch(plan));
  plan.log(running ? `using the database server that was running (process ${server.pid})` : `database server started (process ${server.pid})`);
  return { server, adopted: running !== undefined };
}

/** A server that is ready; one that is starting is waited for, one that is stopping is let go. */
async function findRunning({ layout, deadline }: LaunchPlan): Promise<Postmaster | undefined> {
  for (;;) {
    const found = await findPostmaster(layout.data);
    if (found.kind !== 'running') return undefined;
    if (found.server.status === 'ready') return found.server;
    if (Date.now() > deadline) {
      const { pid, status } = found.server;
      throw new EmbeddedPostgresError(
        'start-timeout',
        `The database server that was found running (process ${pid}) has been ${status} for too long. Wait for it or end it. Its log: ${layout.log}`,
      );
    }
    await sleep(10);
  }
}

/** Watches the server and starts it again when it was killed (out of memory, by mistake). Keeps no process alive. */
export class Supervisor {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private failures = 0;

  constructor(
    private readonly use: ServerUse,
    private server: Postmaster,
  ) {
    this.lookLater();
  }

  get pid(): number {
    return this.server.pid;
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private lookLater(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.look(), Math.min(LOOK_EVERY_MS * 2 ** this.failures, MAX_PAUSE_MS));
    this.timer.unref();
  }

  private async look(): Promise<void> {
    try {
      if (!(await isPostgresOn(this.server.pid, this.use.layout.data))) await this.restart();
      this.failures = 0;
    } catch (error) {
      this.failures += 1;
      this.use.log(`could not start the database server again: ${textOf(error)}`);
    }
    this.lookLater();
  }

  private async restart(): Promise<void> {
    const { layout, timeoutMs, log } = this.use;
    log(`the database server (process ${this.server.pid}) is gone; starting it again`);
    await withLock(layout.lock, timeoutMs, async () => {
      // Stopped while waiting for the lock: a server started now would have no user.
      if (this.stopped) return;
      const { endpoint } = this.server;
      const tcpPort = endpoint.kind === 'tcp' ? endpoint.port : undefined;
      const { server } = await adoptOrLaunch({ ...this.use, tcpPort, deadline: Date.now() + timeoutMs });
      this.server = server;
    });
  }
}
