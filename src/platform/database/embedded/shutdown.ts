import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.js';
import { EmbeddedPostgresError, systemErrorCode } from './errors.js';
import type { Layout } from './layout.js';
import { findPostmaster } from './postmaster.js';
import { isPostgresOn } from './processes.js';
import { run } from './run.js';

const POLL_MS = 10;
/**
 * Each step with the time it gets: the fast shutdown ends sessions and writes everything down; the immediate one
 * leaves that to the recovery at the next start; the kill is for a server that no longer reacts. No step loses a commit.
 */
const STEPS: ReadonlyArray<readonly [NodeJS.Signals, number]> = [
  ['SIGINT', 20_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
];

/** Stops the server on this data directory, if one runs, and waits until it is gone (at most 30 s). */
export async function shutDown(layout: Layout, binaries: Binaries, log: (line: string) => void): Promise<void> {
  const found = await findPostmaster(layout.data);
  if (found.kind !== 'running') return;
  const { pid } = found.server;
  if (process.platform === 'win32') await askPgCtl(layout, binaries);
  for (const [signal, milliseconds] of STEPS) {
    if (signal !== 'SIGINT') log(`the database server does not stop; sending ${signal}`);
    send(pid, signal);
    if (await goneWithin(pid, layout.data, milliseconds)) return;
  }
  throw new EmbeddedPostgresError('stop-failed', `The database server (process ${pid}) did not stop, not even when killed. Its log: ${layout.log}`);
}

/** Windows has no signals; pg_ctl speaks to the server through a named pipe. */
async function askPgCtl(layout: Layout, binaries: Binaries): Promise<void> {
  const args = ['stop', '-D', layout.data, '-m', 'fast', '-W'];
  const child = await run(binaries.pgCtl, args, { account: undefined, cwd: layout.data, stdio: 'ignore' });
  await new Promise((ended) => child.once('close', ended));
}

function send(pid: number, signal: NodeJS.Signals): void {
  // On Windows every signal kills at once; pg_ctl was asked, only the last step may do that.
  if (process.platform === 'win32' && signal !== 'SIGKILL') return;
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (systemErrorCode(error) !== 'ESRCH') throw error;
  }
}

/** Waits until the server with this number has left the data directory; false when the time is over. */
export async function goneWithin(pid: number, dataDirectory: string, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (await isPostgresOn(pid, dataDirectory)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}
