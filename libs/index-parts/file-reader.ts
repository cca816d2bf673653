import { closeSync, fsyncSync, openSync, readSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { FileSummary } from './file-writer.js';

/** Read size while verifying: its checksum costs well under a millisecond of the event loop. */
const SLICE_BYTES = 256 * 1024;

/** A file of the index is missing, cut short or altered. */
export class BrokenFileError extends Error {
  override readonly name = 'BrokenFileError';
}

/** Reads exactly `bytes` at `position` to the start of `target`. Served by the page cache in the usual case. */
export function readExactly(descriptor: number, target: Uint8Array, position: number, bytes = target.length): void {
  for (let done = 0; done < bytes; ) {
    const count = readSync(descriptor, target, done, bytes - done, position + done);
    if (count === 0) throw new BrokenFileError(`An index file ends at byte ${position + done}.`);
    done += count;
  }
}

/** Reads a whole file in slices, leaving the event loop between them, and verifies its checksum. */
export async function loadVerified(directory: string, file: FileSummary): Promise<ArrayBuffer> {
  const content = new Uint8Array(file.bytes);
  await readSlices(directory, file, (slice, position) => content.set(slice, position));
  return content.buffer;
}

/** Verifies size and checksum of a file without keeping its content. */
export async function verifyFile(directory: string, file: FileSummary): Promise<void> {
  await readSlices(directory, file, () => undefined);
}

async function readSlices(
  directory: string,
  file: FileSummary,
  use: (slice: Uint8Array, position: number) => void,
): Promise<void> {
  const path = join(directory, file.name);
  const size = await stat(path).then(
    (found) => found.size,
    () => -1,
  );
  if (size !== file.bytes) throw new BrokenFileError(`${path}: ${size} bytes instead of ${file.bytes}.`);
  const handle = await open(path, 'r');
  try {
    const slice = new Uint8Array(Math.min(SLICE_BYTES, Math.max(1, size)));
    let checksum = 0;
    for (let position = 0; position < size; ) {
      const { bytesRead } = await handle.read(slice, 0, slice.length, position);
      if (bytesRead === 0) throw new BrokenFileError(`${path} was cut while it was read.`);
      const filled = slice.subarray(0, bytesRead);
      checksum = crc32(filled, checksum);
      use(filled, position);
      position += bytesRead;
    }
    if (checksum !== file.checksum) throw new BrokenFileError(`${path}: the checksum differs.`);
  } finally {
    await handle.close();
  }
}

/** Size and checksum of a file written by somebody else; flushes it to disk. For worker threads. */
export function summariseFile(directory: string, name: string): FileSummary {
  const descriptor = openSync(join(directory, name), 'r+');
  try {
    fsyncSync(descriptor);
    const slice = new Uint8Array(SLICE_BYTES);
    let checksum = 0;
    let bytes = 0;
    for (;;) {
      const count = readSync(descriptor, slice, 0, slice.length, bytes);
      if (count === 0) return { name, bytes, checksum };
      checksum = crc32(slice.subarray(0, count), checksum);
      bytes += count;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Makes created and renamed entries of a directory durable. Windows cannot; there it does nothing. */
export function syncDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
