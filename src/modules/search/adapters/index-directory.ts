import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf, isRunning, type ProcessIdentity } from '#libs/process-identity';

const mostProcesses = 256;

/**
 * A folder of snapshots that belongs to this process alone: the first `process-<n>` whose owner is gone. A restart finds
 * the same one again, and with it the snapshots of its predecessor.
 */
export function claimIndexDirectory(root: string): string {
  for (let slot = 0; slot < mostProcesses; slot += 1) {
    const directory = join(root, `process-${slot}`);
    mkdirSync(directory, { recursive: true });
    if (claim(join(directory, 'owner.json'))) return directory;
  }
  throw new Error(`${mostProcesses} processes use ${root} already`);
}

export function releaseIndexDirectory(directory: string): void {
  rmSync(join(directory, 'owner.json'), { force: true });
}

function claim(lock: string): boolean {
  try {
    writeFileSync(lock, JSON.stringify(identityOf(process.pid)), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (ownerLives(lock)) return false;
    rmSync(lock, { force: true });
    return claim(lock);
  }
}

function ownerLives(lock: string): boolean {
  try {
    return isRunning(JSON.parse(readFileSync(lock, 'utf8')) as ProcessIdentity);
  } catch {
    // Gone meanwhile, or cut off by a kill while it was written: nobody holds it.
    return false;
  }
}
