import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const mostProcesses = 256;

/**
 * A folder of snapshots that belongs to this process alone: the first `process-<n>` whose owner is gone. A restart finds
 * the same one again, and with it the snapshots of its predecessor.
 */
export function claimIndexDirectory(root: string): string {
  for (let slot = 0; slot < mostProcesses; slot += 1) {
    const directory = join(root, `process-${slot}`);
    mkdirSync(directory, { recursive: true });
    if (claim(join(directory, 'owner.pid'))) return directory;
  }
  throw new Error(`${mostProcesses} processes use ${root} already`);
}

export function releaseIndexDirectory(directory: string): void {
  rmSync(join(directory, 'owner.pid'), { force: true });
}

function claim(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const owner = Number(readFileSync(lock, 'utf8'));
    if (owner === process.pid || isAlive(owner)) return false;
    rmSync(lock, { force: true });
    return claim(lock);
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
