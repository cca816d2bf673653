import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerAccount } from './account.js';
import type { Binaries } from './binaries.js';
import { directoryError, EmbeddedPostgresError, systemErrorCode } from './errors.js';
import { foreignDirectoryError, type Layout } from './layout.js';
import { nameDataDirectory, run } from './run.js';

/** The superuser of a cluster and the password every connection has to give. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

const STAGING_PREFIX = 'initialising-';
/** An empty cluster takes about 40 MB and its first write-ahead segments 16 MB each. */
const NEEDED_BYTES = 128 * 1024 * 1024;

/**
 * The provider "builtin" sorts by code point whatever the system's C library does in its next release. LC_CTYPE is a
 * UTF-8 one because pg_trgm asks it which characters are letters (with plain C, Chinese has none).
 * Windows has no such name; Chinese trigrams are untested there.
 */
const LC_CTYPE: Partial<Record<NodeJS.Platform, string>> = { linux: 'C.UTF-8', darwin: 'en_US.UTF-8' };
const LOCALE = [
  '--encoding=UTF8',
  '--locale=C',
  `--lc-ctype=${LC_CTYPE[process.platform] ?? 'C'}`,
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
];

/** Every connection has to know the password, also over the socket: other services may run under the same account. */
const HOST_RULES = `# Written by AI Stack.
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
host all all ::1/128 scram-sha-256
`;

/**
 * Opens the cluster in `layout.data`, initialising it first when there is none.
 * @param user name of the superuser of a new cluster; an existing one keeps the name it was made with
 */
export async function openCluster(
  layout: Layout,
  binaries: Binaries,
  account: ServerAccount | undefined,
  user: string,
  log: (line: string) => void,
): Promise<Credentials> {
  await removeLeftovers(layout.directory);
  if (!(await hasCluster(layout, binaries))) await initialise(layout, binaries, account, user, log);
  await checkOwner(layout, account);
  return readCredentials(layout);
}

/** Whether a cluster of our major version is there; throws when something else is. */
async function hasCluster(layout: Layout, binaries: Binaries): Promise<boolean> {
  let version: string;
  try {
    version = (await readFile(join(layout.data, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw directoryError('read the database in', layout.data, error);
    const entries = await readdir(layout.data).catch(() => []);
    if (entries.length === 0) return false;
    throw new EmbeddedPostgresError(
      'not-a-cluster',
      `${layout.data} holds files but no PostgreSQL database (no PG_VERSION). Move them away, restore the missing files from a backup, or choose another data directory.`,
    );
  }
  if (version === String(binaries.major)) return true;
  throw new EmbeddedPostgresError(
    'version-mismatch',
    `The database in ${layout.data} was made by PostgreSQL ${version}, the installed binaries are PostgreSQL ${binaries.major}, and one cannot open the other's files. ` +
      `Go back to the release of AI Stack that made it, export there and import here, or choose another data directory.`,
  );
}

/** Initialises in a directory aside and renames, so that a crash in the middle leaves no half cluster. */
async function initialise(
  layout: Layout,
  binaries: Binaries,
  account: ServerAccount | undefined,
  user: string,
  log: (line: string) => void,
): Promise<void> {
  const startedAt = Date.now();
  const staging = join(layout.directory, STAGING_PREFIX + randomBytes(6).toString('hex'));
  const credentials: Credentials = { user, password: randomBytes(24).toString('hex') };
  await checkSpace(layout.directory);
  log(`initialising a PostgreSQL ${binaries.major} database in ${layout.data}`);
  try {
    await mkdir(staging, { mode: 0o700 });
    await giveTo(account, staging);
    await runInitdb(staging, binaries, account, credentials);
    await writeOwned(account, join(staging, 'pg_hba.conf'), HOST_RULES);
    await writeOwned(account, join(staging, 'ai-stack-credentials.json'), JSON.stringify(credentials));
    await rm(layout.data, { recursive: true, force: true });
    await rename(staging, layout.data);
    await syncDirectory(layout.directory);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw directoryError('initialise a database in', layout.directory, error);
  }
  log(`initialised in ${Date.now() - startedAt} ms`);
}

async function runInitdb(
  staging: string,
  binaries: Binaries,
  account: ServerAccount | undefined,
  credentials: Credentials,
): Promise<void> {
  const secrets = await mkdtemp(join(tmpdir(), 'ai-stack-initdb-'));
  const passwordFile = join(secrets, 'password');
  try {
    await giveTo(account, secrets);
    await writeOwned(account, passwordFile, credentials.password);
    const args = ['-D', await nameDataDirectory(staging, account), `--username=${credentials.user}`, `--pwfile=${passwordFile}`];
    args.push('--auth=scram-sha-256', '--no-instructions', ...LOCALE);
    const child = await run(binaries.initdb, args, { account, cwd: staging, stdio: ['ignore', 'pipe', 'pipe'] });
    const { code, output } = await outcome(child);
    if (code !== 0) throw initdbError(code, output);
  } finally {
    await rm(secrets, { recursive: true, force: true });
  }
}

async function outcome(child: ChildProcess): Promise<{ code: number | string; output: string }> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4_000);
    });
  }
  return new Promise((ended) => child.once('close', (code, signal) => ended({ code: code ?? signal ?? 'unknown', output })));
}

function initdbError(code: number | string, output: string): EmbeddedPostgresError {
  const said = output.trim().split('\n').slice(-4).join(' / ');
  if (/No space left|quota exceeded/i.test(output)) {
    return new EmbeddedPostgresError('disk-full', `Could not initialise the database: no space is left (${said}). Free about 200 MB and start again.`);
  }
  if (/could not look up effective user ID/.test(output)) {
    return new EmbeddedPostgresError(
      'no-account',
      `User number ${process.getuid?.()} has no entry in /etc/passwd, and initdb insists on one. Add the entry, run as a user that has one, or set DATABASE_URL to a PostgreSQL server of your own.`,
    );
  }
  if (/error while loading shared libraries|Library not loaded/.test(output)) {
    return new EmbeddedPostgresError('binaries-broken', `The PostgreSQL binaries lack a library (${said}). Reinstall with \`npm install\`.`);
  }
  return new EmbeddedPostgresError('initialisation-failed', `Could not initialise the database: initdb ended with ${code} and said: ${said}`);
}

async function checkSpace(directory: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize >= NEEDED_BYTES) return;
  throw new EmbeddedPostgresError(
    'disk-full',
    `Only ${Math.floor((bavail * bsize) / 1024 / 1024)} MB are free at ${directory}; a new database needs ${NEEDED_BYTES / 1024 / 1024} MB. Free some space or choose another data directory.`,
  );
}

/** Under the start lock nobody else initialises: what is there was left by a killed process. */
async function removeLeftovers(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (name.startsWith(STAGING_PREFIX)) await rm(join(directory, name), { recursive: true, force: true, maxRetries: 5 });
  }
}

/** PostgreSQL wants to own its files. Root can hand them over; an ordinary user is told whose they are. */
async function checkOwner(layout: Layout, account: ServerAccount | undefined): Promise<void> {
  const { uid } = await stat(layout.data);
  const wanted = account?.uid ?? process.getuid?.();
  if (wanted === undefined || uid === wanted) return;
  if (account) return giveTreeTo(account, layout.data);
  throw foreignDirectoryError(layout, uid);
}

async function readCredentials(layout: Layout): Promise<Credentials> {
  try {
    const found = JSON.parse(await readFile(layout.credentials, 'utf8')) as Partial<Credentials>;
    if (typeof found.user === 'string' && typeof found.password === 'string') return { user: found.user, password: found.password };
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'EACCES') throw directoryError('read', layout.credentials, error);
  }
  throw new EmbeddedPostgresError(
    'credentials-unusable',
    `${layout.credentials} is missing or damaged, so the password of the database is not known. Restore the file from a backup of the data directory.`,
  );
}

async function giveTo(account: ServerAccount | undefined, path: string): Promise<void> {
  if (account) await chown(path, account.uid, account.gid);
}

async function giveTreeTo(account: ServerAccount, directory: string): Promise<void> {
  await chown(directory, account.uid, account.gid);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await giveTreeTo(account, path);
    else if (!entry.isSymbolicLink()) await chown(path, account.uid, account.gid);
  }
}

async function writeOwned(account: ServerAccount | undefined, path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600, flush: true });
  await chmod(path, 0o600);
  await giveTo(account, path);
}

/** Makes a rename durable. Windows cannot open directories; NTFS journals the rename itself. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
