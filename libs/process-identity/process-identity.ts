import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * A process that cannot be mistaken for a later one with the same number.
 * `startedAt` is null where the system does not tell cheaply (outside Linux); then only the number counts.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string | null;
}

/** The identity of a running process, or undefined when it has ended (a zombie has ended). */
export function identityOf(pid: number): ProcessIdentity | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  if (process.platform !== 'linux') return signalReaches(pid) ? { pid, startedAt: null } : undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command name is in parentheses and may hold spaces: count the fields after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return { pid, startedAt: `${bootId()}/${fields[19]}` };
  } catch {
    // No such file: the process has ended between two looks.
    return undefined;
  }
}

/** Whether the very process described is still running. */
export function isRunning(identity: ProcessIdentity): boolean {
  const now = identityOf(identity.pid);
  return now !== undefined && now.startedAt === identity.startedAt;
}

/**
 * Names those processes whose numbers this one can look up: of one boot of one machine and, there, of one container.
 * Whether an identity from another domain is running cannot be told.
 */
export function processDomain(): string {
  if (process.platform !== 'linux') return hostname();
  return `${bootId()}/${readlinkSync('/proc/self/ns/pid')}`;
}

/** Whether the number is taken, be it by a zombie. */
export function signalReaches(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

let cachedBootId: string | undefined;

/** Start times count from the boot, so they are only comparable within one. */
function bootId(): string {
  cachedBootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return cachedBootId;
}
