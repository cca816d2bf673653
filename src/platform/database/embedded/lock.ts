import { randomUUID } from 'node:crypto';
import { link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { directoryError, EmbeddedPostgresError, systemErrorCode } from './errors.js';
import { identityOf, isRunning, type ProcessIdentity } from '#libs/process-identity';

const POLL_MS = 20;
/** A break lock is held for a few file operations; an older one belongs to a killed process. */
const BREAK_LOCK_MAX_AGE_MS = 5_000;

/**
 * Runs `work` while holding the lock file at `path`. The lock of a process that no longer runs is broken.
 * Waits at most `timeoutMs`, then throws `locked`.
 */
export async function withLock<T>(path: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  const mine = `${path}.${randomUUID()}`;
  try {
    await writeFile(mine, JSON.stringify(identityOf(process.pid))).catch((error: unknown) => {
      throw directoryError('write the lock file', mine, error);
    });
    await acquire(path, mine, timeoutMs);
  } finally {
    await rm(mine, { force: true });
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquire(path: string, mine: string, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await linked(mine, path))) {
    const holder = await readHolder(path);
    if (holder === 'unreadable') {
      await breakLock(path, mine);
    } else if (holder !== undefined && !isRunning(holder)) {
      await breakLock(path, mine);
    }
    if (Date.now() > deadline) {
      const who = typeof holder === 'object' ? `process ${holder.pid}` : 'another process';
      throw new EmbeddedPostgresError(
        'locked',
        `The embedded database is being started or stopped by ${who} for more than ${Math.round(timeoutMs / 1000)} s. Wait for it or end it, then try again (lock file: ${path}).`,
      );
    }
    await sleep(POLL_MS);
  }
}

/** A hard link appears with its content complete, and only if the name was free. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'EEXIST') return false;
    // File systems without hard links (exFAT, some network mounts): an exclusive create is the next best.
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'ENOSYS' || code === 'EMLINK') return createdExclusively(from, to);
    throw directoryError('create the lock file', to, error);
  }
}

async function createdExclusively(from: string, to: string): Promise<boolean> {
  try {
    await writeFile(to, await readFile(from), { flag: 'wx' });
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw directoryError('create the lock file', to, error);
  }
}

async function readHolder(path: string): Promise<ProcessIdentity | 'unreadable' | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as ProcessIdentity;
  } catch (error) {
    return systemErrorCode(error) === 'ENOENT' ? undefined : 'unreadable';
  }
}

/**
 * Removes a dead process's lock. Only one process may do so at a time, and it looks again once it may:
 * otherwise two could judge the same lock dead and the slower one would remove the faster one's new lock.
 */
async function breakLock(path: string, mine: string): Promise<void> {
  const breakPath = `${path}.break`;
  if (!(await linked(mine, breakPath))) {
    const age = await stat(breakPath).then((found) => Date.now() - found.ctimeMs, () => 0);
    if (age > BREAK_LOCK_MAX_AGE_MS) await rm(breakPath, { force: true });
    return;
  }
  try {
    const holder = await readHolder(path);
    if (holder !== undefined && (holder === 'unreadable' || !isRunning(holder))) await rm(path, { force: true });
  } finally {
    await rm(breakPath, { force: true });
  }
}
