import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { crc32 } from 'node:zlib';

/** What a manifest records about a file: enough to see that it is whole. */
export interface FileSummary {
  name: string;
  bytes: number;
  /** CRC-32 of the whole content. */
  checksum: number;
}

const BUFFER_BYTES = 256 * 1024;

/**
 * Buffered sequential writer that keeps a running checksum. Synchronous: for worker threads only.
 * `finish` makes the content durable (fsync) before it returns.
 */
export class FileWriter {
  private readonly descriptor: number;
  private readonly buffer = new Uint8Array(BUFFER_BYTES);
  private used = 0;
  private checksum = 0;
  private written = 0;

  constructor(private readonly path: string) {
    this.descriptor = openSync(path, 'wx');
  }

  /** Bytes given so far. */
  get position(): number {
    return this.written + this.used;
  }

  write(data: ArrayBufferView): void {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    if (bytes.length >= BUFFER_BYTES) {
      this.flush();
      this.writeThrough(bytes);
      return;
    }
    if (this.used + bytes.length > BUFFER_BYTES) this.flush();
    this.buffer.set(bytes, this.used);
    this.used += bytes.length;
  }

  finish(): FileSummary {
    this.flush();
    fsyncSync(this.descriptor);
    closeSync(this.descriptor);
    return { name: basename(this.path), bytes: this.written, checksum: this.checksum };
  }

  private flush(): void {
    if (this.used > 0) this.writeThrough(this.buffer.subarray(0, this.used));
    this.used = 0;
  }

  private writeThrough(bytes: Uint8Array): void {
    this.checksum = crc32(bytes, this.checksum);
    for (let done = 0; done < bytes.length; ) done += writeSync(this.descriptor, bytes, done, bytes.length - done);
    this.written += bytes.length;
  }
}

/** Writes one array as a file of its own. */
export function writeArrayFile(path: string, data: ArrayBufferView): FileSummary {
  const writer = new FileWriter(path);
  writer.write(data);
  return writer.finish();
}
