import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { canPass, type ServerAccount } from './account.js';
import { EmbeddedPostgresError, systemErrorCode, textOf } from './errors.js';

/** The environment of the server: nothing of ours leaks into it, and no PG* variable changes its mind. */
const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' };

/**
 * How to name a data directory to a program started inside it (`cwd`). When the account owns the directory but
 * may not pass through the ones above it (a project under /root), Linux still reaches it as its working
 * directory, which was entered before the change of account.
 */
export async function nameDataDirectory(directory: string, account: ServerAccount | undefined): Promise<string> {
  const real = await realpath(directory);
  if (account === undefined || process.platform !== 'linux' || canPass(real, account)) return real;
  return '/proc/self/cwd';
}

export interface RunOptions {
  readonly account: ServerAccount | undefined;
  readonly cwd: string;
  readonly stdio: StdioOptions;
  /** Own process group: Ctrl-C on the terminal must not reach the server before the application has drained. */
  readonly detached?: boolean;
}

/** Starts a program under the account; resolves when it runs, rejects when the system refuses. */
export async function run(program: string, args: string[], options: RunOptions): Promise<ChildProcess> {
  const { account, cwd, stdio, detached } = options;
  const identity = account ? { uid: account.uid, gid: account.gid } : {};
  const env = process.platform === 'win32' ? undefined : ENVIRONMENT;
  try {
    const child = spawn(program, args, { cwd, stdio, detached, env, windowsHide: true, ...identity });
    await new Promise<void>((started, failed) => child.once('spawn', started).once('error', failed));
    return child;
  } catch (error) {
    throw spawnError(program, account, error);
  }
}

function spawnError(program: string, account: ServerAccount | undefined, error: unknown): EmbeddedPostgresError {
  const code = systemErrorCode(error);
  if (code === 'EPERM' && account) {
    return new EmbeddedPostgresError(
      'no-account',
      `Root may not become the account "${account.name}" here (a container without the SETUID and SETGID capabilities?). ` +
        'Run AI Stack as an ordinary user, grant these capabilities, or set DATABASE_URL to a PostgreSQL server of your own.',
      { cause: error },
    );
  }
  const why =
    code === 'ENOENT'
      ? 'the program loader is missing, as on Alpine Linux (these binaries need glibc)'
      : code === 'EACCES'
        ? 'it is not executable there (a volume mounted with noexec?)'
        : textOf(error);
  return new EmbeddedPostgresError(
    'binaries-broken',
    `Could not run ${program}: ${why}. Reinstall with \`npm install\`, move the project, or set DATABASE_URL to a PostgreSQL server of your own.`,
    { cause: error },
  );
}
