import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, readlink, realpath } from 'node:fs/promises';
import { promisify } from 'node:util';
import { identityOf } from '#libs/process-identity';

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
