import { copyFile, open, stat, truncate, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { directoryError } from './errors.js';

/** Size of `postgres.log` at which it is copied to `postgres.log.1` and emptied. */
const MAX_BYTES = 8 * 1024 * 1024;
const CHECK_EVERY_MS = 60_000;
/** How much of the end is read to explain a failed start. */
const TAIL_BYTES = 8 * 1024;

/** The server inherits the handle; in append mode it keeps writing at the end after the file was emptied. */
export async function openLog(path: string): Promise<FileHandle> {
  try {
    await limitLog(path);
    const handle = await open(path, 'a', 0o600);
    await keepOwner(handle, path);
    return handle;
  } catch (error) {
    throw directoryError('open the log file', path, error);
  }
}

/** One start with sudo must not leave a log that its user cannot open at the next one. */
async function keepOwner(handle: FileHandle, path: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(dirname(path));
  await handle.chown(uid, gid);
}

/** Text written since the file had `offset` bytes (at most the last 8 kB of it). */
export async function readLogSince(path: string, offset: number): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const from = Math.max(size < offset ? 0 : offset, size - TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, from);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

export async function logSize(path: string): Promise<number> {
  return stat(path).then(
    (found) => found.size,
    () => 0,
  );
}

/** Keeps the log bounded (two files of about 8 MB) as long as a process uses the server; returns how to end that. */
export function keepLogBounded(path: string, onError: (error: unknown) => void): () => void {
  const timer = setInterval(() => void limitLog(path).catch(onError), CHECK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

async function limitLog(path: string): Promise<void> {
  if ((await logSize(path)) < MAX_BYTES) return;
  await copyFile(path, `${path}.1`);
  await truncate(path);
}
