import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** One value for ever, made at the first use; whole or not there, whenever a process is killed, and the same for all who make it at once. */
export function persistentId(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  const temporary = `${path}.${randomUUID()}`;
  writeFileSync(temporary, `${randomUUID()}\n`, { flush: true });
  try {
    linkSync(temporary, path);
  } catch (error) {
    // Somebody was faster. A file system without hard links (exFAT, some network mounts) leaves a rename, which cannot refuse.
    if (codeOf(error) !== 'EEXIST') renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
  return readFileSync(path, 'utf8').trim();
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
