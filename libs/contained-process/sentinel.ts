import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { overLimitMark } from './protocol.js';

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
  if (!orphaned && !overfull) return;
  try {
    // Otherwise the kill looks like anybody's. Straight to the descriptor: no stream is flushed after it.
    if (overfull) writeSync(2, overLimitMark);
  } finally {
    process.kill(process.pid, 'SIGKILL');
  }
}, periodMs);
