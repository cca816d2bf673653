import { access, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/platform/database/embedded/server.js';

/** A younger directory without a server may belong to a run that is just starting. */
const START_MS = 10 * 60_000;

/** Stops and removes what test runs that were killed left in `base` under names that begin with `prefix`. */
export async function removeAbandonedServers(base: string, prefix: string): Promise<void> {
  for (const name of await readdir(base)) {
    if (name.startsWith(prefix)) await removeIfAbandoned(join(base, name));
  }
}

async function removeIfAbandoned(directory: string): Promise<void> {
  try {
    const { uid, mtimeMs } = await stat(directory);
    if (uid !== process.getuid?.()) return;
    if (await exists(join(directory, 'data', 'postmaster.pid'))) {
      // Its own bookkeeping knows whether a living run uses it.
      const server = await startEmbeddedPostgres({ directory });
      if ((await server.stop()) === 'kept') return;
    } else if (Date.now() - mtimeMs < START_MS) {
      return;
    }
    await rm(directory, { recursive: true, force: true });
  } catch (error) {
    // Another run may be clearing the same directory; ours does not depend on it.
    console.warn(`could not clear ${directory}: ${String(error)}`);
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
