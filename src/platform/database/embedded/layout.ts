import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { directoryError, EmbeddedPostgresError } from './errors.js';

/** Every path the launcher uses inside the directory it was given. */
export interface Layout {
  /** The directory given by the caller; holds everything below. */
  readonly directory: string;
  /** The PostgreSQL data directory (PGDATA); also holds the socket and the credentials. Mode 0700. */
  readonly data: string;
  /** Password of the superuser, inside `data` so that it appears and disappears with the cluster. */
  readonly credentials: string;
  /** What the server writes to its standard error. */
  readonly log: string;
  /** Held while a process starts or stops the server. */
  readonly lock: string;
  /** One file for each process that uses the server. */
  readonly users: string;
}

export function layoutOf(directory: string): Layout {
  const root = resolve(directory);
  return {
    directory: root,
    data: join(root, 'data'),
    credentials: join(root, 'data', 'ai-stack-credentials.json'),
    log: join(root, 'postgres.log'),
    lock: join(root, 'start.lock'),
    users: join(root, 'users'),
  };
}

/**
 * Makes the directory and proves that it can be written to.
 * A new directory is 0711: the account the server runs under may pass through it but not list it.
 */
export async function prepareDirectory(layout: Layout): Promise<void> {
  const probe = join(layout.directory, `.write-probe-${process.pid}`);
  try {
    await mkdir(layout.directory, { recursive: true, mode: 0o711 });
    await mkdir(layout.users, { recursive: true, mode: 0o700 });
    await writeFile(probe, '');
    await rm(probe, { force: true });
  } catch (error) {
    throw (await foreignOwner(layout)) ?? directoryError('write to the database directory', layout.directory, error);
  }
}

/** The usual reason why an ordinary user cannot write to a directory of ours: it was once started with sudo. */
async function foreignOwner(layout: Layout): Promise<EmbeddedPostgresError | undefined> {
  const owner = await stat(layout.users).then((found) => found.uid, () => undefined);
  return owner === undefined || owner === process.getuid?.() ? undefined : foreignDirectoryError(layout, owner);
}

export function foreignDirectoryError(layout: Layout, owner: number): EmbeddedPostgresError {
  const me = process.getuid?.();
  return new EmbeddedPostgresError(
    'directory-foreign',
    `The database in ${layout.directory} belongs to user number ${owner}, this process runs as ${me} (was it made with sudo?). ` +
      `Run AI Stack as that user or as root, hand it over with \`sudo chown -R ${me} ${layout.directory}\` while it is stopped, or choose another data directory.`,
  );
}
