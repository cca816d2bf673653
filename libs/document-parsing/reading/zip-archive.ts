import { createInflateRaw } from 'node:zlib';
import type { ParseLimits } from '../document.types.js';
import { ParseError } from '../parse-error.js';
import { readDirectory, type ZipEntry } from './zip-directory.js';

/** Parts that inflate further than this are looked at for their ratio. */
const ratioCheckedFrom = 16 * 2 ** 20;
/** Real sheets full of equal cells reach about 100; deflate cannot go beyond 1032. */
const maxRatio = 250;

/**
 * A ZIP file whose parts are inflated as streams and within bounds: what the directory declares is checked before
 * a part is opened, what really comes out while it is read, over all parts together.
 * Node's own zlib does the inflating (native, three times the speed of a JavaScript one).
 */
export class ZipArchive {
  private readonly entries: Map<string, ZipEntry>;
  private inflated = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly limits: ParseLimits,
  ) {
    this.entries = readDirectory(bytes, limits.maxZipEntries);
  }

  get names(): string[] {
    return [...this.entries.keys()];
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /** The part's bytes in pieces. Throws {@link ParseError} when it is absent, damaged, encrypted or over a bound. */
  async *stream(name: string): AsyncGenerator<Buffer> {
    const entry = this.entries.get(name);
    if (!entry) throw new ParseError('corrupt', `The file lacks its part "${name}"; it is damaged or was made by a faulty program. Save it again and retry.`);
    this.checkDeclared(entry);
    const data = this.dataOf(entry);
    if (entry.method === 0) {
      this.count(data.length);
      yield data;
      return;
    }
    if (entry.method !== 8) throw new ParseError('unsupported', `The part "${name}" uses an uncommon compression. Save the file again and retry.`);
    const inflate = createInflateRaw({ chunkSize: 64 * 1024 });
    inflate.end(data);
    let produced = 0;
    try {
      for await (const chunk of inflate as AsyncIterable<Buffer>) {
        this.count(chunk.length);
        produced += chunk.length;
        // The directory may lie about the size.
        if (isBomb(produced, data.length)) this.refuse();
        yield chunk;
      }
    } catch (error) {
      if (error instanceof ParseError) throw error;
      throw new ParseError('corrupt', `The part "${name}" of the file is damaged. Save the file again and retry.`);
    }
  }

  async read(name: string): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.stream(name)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /** A text part in pieces, decoded as its byte-order mark says, else as UTF-8. */
  async *text(name: string): AsyncGenerator<string> {
    let decoder: InstanceType<typeof TextDecoder> | undefined;
    for await (const chunk of this.stream(name)) {
      decoder ??= new TextDecoder(chunk[0] === 0xff && chunk[1] === 0xfe ? 'utf-16le' : chunk[0] === 0xfe && chunk[1] === 0xff ? 'utf-16be' : 'utf-8');
      yield decoder.decode(chunk, { stream: true });
    }
  }

  private checkDeclared(entry: ZipEntry): void {
    if (isBomb(entry.size, entry.compressedSize) || this.inflated + entry.size > this.limits.maxInflatedBytes) this.refuse();
  }

  private count(bytes: number): void {
    this.inflated += bytes;
    if (this.inflated > this.limits.maxInflatedBytes) this.refuse();
  }

  private refuse(): never {
    const megabytes = Math.round(this.limits.maxInflatedBytes / 2 ** 20);
    throw new ParseError(
      'too_large',
      `The compressed file unpacks to far more than its size suggests, or to more than ${megabytes} MB, as a decompression bomb does. Split it into smaller files.`,
    );
  }

  private dataOf(entry: ZipEntry): Buffer {
    if (entry.encrypted) throw new ParseError('encrypted', 'The file is protected by a password. Save it without the password and upload it again.');
    const header = entry.offset;
    const nameAndExtra = header + 30 <= this.bytes.length ? this.bytes.readUInt16LE(header + 26) + this.bytes.readUInt16LE(header + 28) : NaN;
    const start = header + 30 + nameAndExtra;
    if (!(start + entry.compressedSize <= this.bytes.length)) {
      throw new ParseError('corrupt', 'The file is cut off or damaged. Save it again and retry.');
    }
    return this.bytes.subarray(start, start + entry.compressedSize);
  }
}

function isBomb(size: number, compressedSize: number): boolean {
  return size > ratioCheckedFrom && size > compressedSize * maxRatio;
}
