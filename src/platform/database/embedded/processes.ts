import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, readlink, realpath } from 'node:fs/promises';
import { promisify } from 'node:util';
import { systemErrorCode } from './errors.js';

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
 * Whether the process is a PostgreSQL server whose working directory is `dataDirectory`
 * (the server always changes into its data directory).
 */
export async function isPostgresOn(pid: number, dataDirectory: string): Promise<boolean> {
  if (identityOf(pid) === undefined) return false;
  if (process.platform === 'linux') {
    try {
      const [cwd, expected] = await Promise.all([readlink(`/proc/${pid}/cwd`), realpath(dataDirectory)]);
      return cwd === expected && readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres';
    } catch {
      // Ended meanwhile, or another user's process: not our server either way.
      return false;
    }
  }
  return commandLineMentions(pid, dataDirectory);
}

async function commandLineMentions(pid: number, dataDirectory: string): Promise<boolean> {
  // Windows has no `ps`; there the answer to a connection with our password has to be proof enough.
  if (process.platform === 'win32') return true;
  try {
    const { stdout } = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]);
    return stdout.includes('postgres') && stdout.includes(dataDirectory);
  } catch {
    // `ps` fails when no such process exists.
    return false;
  }
}

/** Whether the number is taken, be it by a zombie. */
export function signalReaches(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}

let cachedBootId: string | undefined;

/** Start times count from the boot, so they are only comparable within one. */
function bootId(): string {
  cachedBootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return cachedBootId;
}

/**
 * Whether any process of a server, also one whose parent was killed, still works in `dataDirectory`.
 * Only Linux can tell; elsewhere PostgreSQL's own check of its shared memory has to do.
 */
export async function anyPostgresOn(dataDirectory: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  for (const name of await readdir('/proc')) {
    if (/^\d+$/.test(name) && (await isPostgresOn(Number(name), dataDirectory))) return true;
  }
  return false;
}
