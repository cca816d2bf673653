import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const MEMORY_DISK = '/dev/shm';
const NEEDED_BYTES = 2 * 1024 ** 3;

/**
 * Where databases of tests go: into memory where there is plenty of it (making a database takes 10 to 30 ms there, 100 to
 * 250 ms on a disk that others use too), else into the system's temporary directory. Programs may not be runnable there.
 */
export function scratchDirectory(): string {
  try {
    const { bavail, bsize } = statfsSync(MEMORY_DISK);
    return bavail * bsize >= NEEDED_BYTES ? MEMORY_DISK : tmpdir();
  } catch {
    // Not Linux.
    return tmpdir();
  }
}
