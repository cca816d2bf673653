import type { ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerAccount } from './account.js';
import type { Binaries } from './binaries.js';
import { EmbeddedPostgresError } from './errors.js';
import type { Layout } from './layout.js';
import { logSize, openLog, readLogSince } from './log-file.js';
import { findPostmaster, socketAnswers, socketPath, type Endpoint, type Postmaster } from './postmaster.js';
import { signalReaches } from '#libs/process-identity';
import { anyPostgresOn } from './processes.js';
import { nameDataDirectory, run } from './run.js';
import { settingArguments, type Settings } from './settings.js';

const POLL_MS = 5;
const RETRY_MS = 200;
/** The number is only a part of the socket's name: each data directory has its own. */
const SOCKET_PORT = 5432;
/** sockaddr_un holds 104 bytes on macOS and 108 on Linux, with the ending zero. */
const MAX_SOCKET_PATH_BYTES = 100;

export interface LaunchPlan {
  readonly layout: Layout;
  readonly binaries: Binaries;
  readonly account: ServerAccount | undefined;
  readonly settings: Settings;
  readonly log: (line: string) => void;
  /** Port to use again, when clients know it from an earlier launch and no socket is possible. */
  readonly tcpPort?: number;
  /** Milliseconds since the epoch after which to give up; long, because recovery after a crash may take its time. */
  readonly deadline: number;
}

/** Starts a server on an initialised data directory that has none, and waits until it accepts connections. */
export async function launch(plan: LaunchPlan): Promise<Postmaster> {
  await clearTraces(plan);
  let useSocket = plan.tcpPort === undefined && socketsPossible(plan.layout.data);
  for (;;) {
    const endpoint: Endpoint = useSocket ? { kind: 'socket', port: SOCKET_PORT } : { kind: 'tcp', port: plan.tcpPort ?? (await freePort()) };
    const attempt = await tryOnce(plan, endpoint);
    if (typeof attempt !== 'string') return attempt;
    const verdict = judge(attempt, endpoint);
    if (verdict === 'give-up' || Date.now() > plan.deadline) throw startError(attempt, plan.layout);
    if (verdict === 'without-socket') {
      plan.log('this directory allows no unix socket; listening on 127.0.0.1 instead');
      useSocket = false;
    }
    await sleep(RETRY_MS);
  }
}

/** One start: the running server, or what the one that ended has written. */
async function tryOnce(plan: LaunchPlan, endpoint: Endpoint): Promise<Postmaster | string> {
  const { layout, binaries, account } = plan;
  const offset = await logSize(layout.log);
  const logFile = await openLog(layout.log);
  let child: ChildProcess;
  try {
    const listening: Settings =
      endpoint.kind === 'socket'
        ? { listen_addresses: '', unix_socket_directories: '.', unix_socket_permissions: '0700', port: endpoint.port }
        : { listen_addresses: '127.0.0.1', unix_socket_directories: '', port: endpoint.port };
    const args = ['-D', await nameDataDirectory(layout.data, account), ...settingArguments(plan.settings, listening)];
    child = await run(binaries.postgres, args, { account, cwd: layout.data, stdio: ['ignore', logFile.fd, logFile.fd], detached: true });
  } finally {
    await logFile.close();
  }
  child.unref();
  const ready = await waitUntilReady(child, plan);
  return ready ?? (await readLogSince(layout.log, offset));
}

async function waitUntilReady(child: ChildProcess, plan: LaunchPlan): Promise<Postmaster | undefined> {
  while (child.exitCode === null && child.signalCode === null) {
    const found = await findPostmaster(plan.layout.data);
    if (found.kind === 'running' && found.server.pid === child.pid && found.server.status === 'ready') return found.server;
    if (Date.now() > plan.deadline) {
      // Quits at once; what was committed is in the write-ahead log.
      child.kill('SIGQUIT');
      throw new EmbeddedPostgresError(
        'start-timeout',
        `PostgreSQL was not ready in time (still recovering, or a very slow disk?). Start again: recovery goes on where it can. Its log: ${plan.layout.log}`,
      );
    }
    await sleep(POLL_MS);
  }
  return undefined;
}

/** Deals with what a killed server left behind. */
async function clearTraces({ layout, log, deadline }: LaunchPlan): Promise<void> {
  const found = await findPostmaster(layout.data);
  if (found.kind !== 'stale') return;
  if (socketsPossible(layout.data) && (await socketAnswers(socketPath(layout.data, SOCKET_PORT)))) {
    throw new EmbeddedPostgresError(
      'in-use-elsewhere',
      `A server that this system does not show (in another container?) is using ${layout.data}. Two would destroy the data: stop it, or connect to it through DATABASE_URL.`,
    );
  }
  log(`the last server did not shut down (process ${found.pid}); recovering`);
  // The processes of a killed server end by themselves within moments; a new one must not meet them.
  while (Date.now() < deadline && (await anyPostgresOn(layout.data))) await sleep(20);
  // PostgreSQL replaces its lock files itself, unless something answers to the number in them: a process that was given
  // it since, or the dead server that nobody collects (a container whose first process is no init). It would refuse for ever.
  if (process.platform !== 'linux' || !signalReaches(found.pid)) return;
  await rm(join(layout.data, 'postmaster.pid'), { force: true });
  await rm(`${socketPath(layout.data, SOCKET_PORT)}.lock`, { force: true });
}

function judge(said: string, endpoint: Endpoint): 'retry' | 'without-socket' | 'give-up' {
  if (/pre-existing shared memory block|is still in use/.test(said)) return 'retry';
  if (!/could not (create any|bind|create)[^\n]*(socket|address)/i.test(said)) return 'give-up';
  return endpoint.kind === 'socket' ? 'without-socket' : 'retry';
}

function startError(said: string, layout: Layout): EmbeddedPostgresError {
  const fatal = /(?:FATAL|PANIC|error while loading shared libraries):\s*.*/.exec(said)?.[0] ?? said.trim().split('\n').at(-1) ?? '';
  if (/No space left/i.test(said)) {
    return new EmbeddedPostgresError('disk-full', `PostgreSQL could not start: no space is left at ${layout.directory}. Free some and start again. (${fatal})`);
  }
  if (/error while loading shared libraries|Library not loaded/.test(said)) {
    return new EmbeddedPostgresError('binaries-broken', `The PostgreSQL binaries lack a library. Reinstall with \`npm install\`. (${fatal})`);
  }
  const hint = /lock file "postmaster.pid" already exists/.test(said)
    ? `If the process named there is not PostgreSQL, delete ${join(layout.data, 'postmaster.pid')} and start again.`
    : /shared memory|Cannot allocate memory/i.test(said)
      ? 'Give the machine or container more memory, or lower shared_buffers.'
      : /invalid permissions|wrong ownership/.test(said)
        ? 'The data directory must lie on a file system with owners and permissions (not exFAT or a shared folder of a virtual machine): choose another one.'
        : 'Look into the log for what came before.';
  return new EmbeddedPostgresError('start-failed', `PostgreSQL could not start: ${fatal || 'it said nothing'}. ${hint} Its log: ${layout.log}`);
}

export function socketsPossible(dataDirectory: string): boolean {
  return process.platform !== 'win32' && Buffer.byteLength(socketPath(dataDirectory, SOCKET_PORT)) <= MAX_SOCKET_PATH_BYTES;
}

/** A port that was free a moment ago; the caller tries another one if it no longer is. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening, failed) => server.once('error', failed).listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
