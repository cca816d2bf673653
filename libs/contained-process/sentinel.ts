import { workerData } from 'node:worker_threads';

/**
 * Runs beside the job in the child and ends the whole child, however busy its main thread is, when the
 * parent has died or the memory limit is passed. The parent's own watchdog is quicker where /proc exists;
 * this one also works on systems without it.
 */
const { parent, memoryLimitBytes } = workerData as { parent: number; memoryLimitBytes: number };
const periodMs = 100;

setInterval(() => {
  const orphaned = process.ppid !== parent;
  const overfull = memoryLimitBytes > 0 && process.memoryUsage.rss() > memoryLimitBytes;
  if (orphaned || overfull) process.kill(process.pid, 'SIGKILL');
}, periodMs);
