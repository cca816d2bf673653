import { chooseAccount } from './account.js';
import { prepareBinaries } from './binaries.js';
import { openCluster, type Credentials } from './cluster.js';
import { connectionTo, ensureDatabase, urlOf, type EmbeddedPostgresConnection } from './connection.js';
import { textOf } from './errors.js';
import type { LaunchPlan } from './launch.js';
import { layoutOf, prepareDirectory } from './layout.js';
import { withLock } from './lock.js';
import { keepLogBounded } from './log-file.js';
import type { Postmaster } from './postmaster.js';
import type { Settings } from './settings.js';
import { goneWithin, shutDown } from './shutdown.js';
import { adoptOrLaunch, Supervisor, type ServerUse } from './supervisor.js';
import { countUsers, register, unregister } from './users.js';

export { EmbeddedPostgresError, type EmbeddedPostgresErrorCode } from './errors.js';
export type { EmbeddedPostgresConnection } from './connection.js';

const DEFAULT_NAME = 'ai_stack';
const DEFAULT_START_TIMEOUT_MS = 120_000;
/** How long a server that does not answer may take to turn out dead. */
const DYING_MS = 2_000;

export interface EmbeddedPostgresOptions {
  /** Holds everything: data, log, locks. Made when missing. Must be on a local file system. */
  readonly directory: string;
  /** Superuser of a new cluster, `ai_stack` by default; an existing cluster keeps the name it was made with. */
  readonly user?: string;
  /** Database to connect to, created when missing; `ai_stack` by default. */
  readonly database?: string;
  /** PostgreSQL settings over the defaults. They take effect when this call launches the server, not when it adopts one. */
  readonly settings?: Settings;
  /** How long starting may take, recovery after a crash included; 120,000 ms by default. */
  readonly startTimeoutMs?: number;
  /** Receives one line for each thing worth telling an operator. */
  readonly log?: (line: string) => void;
}

/** `kept`: somebody else still uses the server. */
export type StopOutcome = 'stopped' | 'kept';

export interface EmbeddedPostgres {
  readonly connection: EmbeddedPostgresConnection;
  /** The connection as a URL; holds the password. */
  readonly url: string;
  /** True when a server was already running on the directory. */
  readonly adopted: boolean;
  /** Process number of the server; another one after it had to be started again. */
  readonly pid: number;
  /**
   * Gives the server up. The last user stops it: while another living process (or another start in this one) uses it,
   * it stays. Resolves when that is settled: `kept`, or `stopped` when the server is gone. May be called more than once.
   */
  stop(): Promise<StopOutcome>;
}

/**
 * Makes sure that a PostgreSQL server runs on the directory: initialises the cluster if there is none, adopts a server
 * that is already running (it outlives a killed parent, and several processes share one), launches one otherwise.
 * The server is a separate process in its own group and survives this one; call `stop()`. If it dies before that, it is
 * started again at the same address.
 * @throws EmbeddedPostgresError with a message for people
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const layout = layoutOf(options.directory);
  const timeoutMs = options.startTimeoutMs ?? DEFAULT_START_TIMEOUT_MS;
  const log = options.log ?? (() => undefined);
  await prepareDirectory(layout);
  const account = chooseAccount(layout.data);
  const binaries = await prepareBinaries(layout.directory, account, log);

  const use = { layout, binaries, account, log, settings: options.settings ?? {}, timeoutMs };
  return withLock(layout.lock, timeoutMs, () => startUnderLock(use, options));
}

async function startUnderLock(use: ServerUse, options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { layout, binaries, account, log } = use;
  const deadline = Date.now() + use.timeoutMs;
  const registration = await register(layout.users);
  try {
    const credentials = await openCluster(layout, binaries, account, options.user ?? DEFAULT_NAME, log);
    const { server, adopted, connection } = await connectToServer({ ...use, deadline }, credentials, options.database ?? DEFAULT_NAME);
    const supervisor = new Supervisor(use, server);
    return {
      connection,
      url: urlOf(connection),
      adopted,
      get pid() {
        return supervisor.pid;
      },
      stop: stopOnce(use, registration, supervisor),
    };
  } catch (error) {
    await release(use, registration);
    throw error;
  }
}

async function connectToServer(
  plan: LaunchPlan,
  credentials: Credentials,
  database: string,
): Promise<{ server: Postmaster; adopted: boolean; connection: EmbeddedPostgresConnection }> {
  for (;;) {
    const { server, adopted } = await adoptOrLaunch(plan);
    const connection = connectionTo(plan.layout, server.endpoint, credentials, database);
    try {
      await ensureDatabase(connection, plan.deadline);
      return { server, adopted, connection };
    } catch (error) {
      // A server that was found may have been dying: killed, but not gone yet.
      if (!adopted || Date.now() > plan.deadline || !(await goneWithin(server.pid, plan.layout.data, DYING_MS))) throw error;
    }
  }
}

function stopOnce(use: ServerUse, registration: string, supervisor: Supervisor): () => Promise<StopOutcome> {
  const endLogLimit = keepLogBounded(use.layout.log, (error) => use.log(`could not limit ${use.layout.log}: ${textOf(error)}`));
  let stopping: Promise<StopOutcome> | undefined;
  return () => {
    endLogLimit();
    supervisor.stop();
    stopping ??= releaseLocked(use, registration);
    return stopping;
  };
}

/** A full disk must not keep the server from being stopped: then it goes without the lock. */
async function releaseLocked(use: ServerUse, registration: string): Promise<StopOutcome> {
  let locked = false;
  try {
    return await withLock(use.layout.lock, use.timeoutMs, () => {
      locked = true;
      return release(use, registration);
    });
  } catch (error) {
    if (locked) throw error;
    use.log(`stopping without the lock: ${textOf(error)}`);
    return release(use, registration);
  }
}

/** Gives one registration up and stops the server if that was the last; the caller holds the start lock. */
async function release(use: ServerUse, registration: string): Promise<StopOutcome> {
  await unregister(registration);
  if ((await countUsers(use.layout.users)) > 0) return 'kept';
  await shutDown(use.layout, use.binaries, use.log);
  return 'stopped';
}
