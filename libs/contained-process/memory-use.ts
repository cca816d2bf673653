import { readFileSync } from 'node:fs';

const pageBytes = 4096;

/**
 * Resident memory of a process in bytes, or `undefined` where the system does not tell (no /proc) or the
 * process is gone. Reading costs about 15 microseconds, so it may be polled from the event loop.
 */
export function residentBytes(pid: number): number | undefined {
  try {
    const resident = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1];
    return resident === undefined ? undefined : Number(resident) * pageBytes;
  } catch {
    return undefined;
  }
}
