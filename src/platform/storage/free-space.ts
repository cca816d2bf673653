import { statfs } from 'node:fs/promises';
import { DegradedError } from '../health/health.registry.js';

/** Ten uploads as large as they may be by default, or the write-ahead log of the embedded database at its longest, twice. */
const leastFreeBytes = 1024 ** 3;

/** Bytes that this process may still write into the folder. @throws DegradedError below the limit */
export async function checkFreeSpace(folder: string, leastBytes = leastFreeBytes): Promise<{ free_bytes: number }> {
  const { bavail, bsize } = await statfs(folder);
  const detail = { free_bytes: bavail * bsize };
  if (detail.free_bytes < leastBytes) throw new DegradedError(`The data folder has less than ${leastBytes} bytes of room; writes fail when there is none.`, detail);
  return detail;
}
