import { Inject, Injectable } from '@nestjs/common';
import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ENV } from '../../../platform/config/config.module.js';
import type { Env } from '../../../platform/config/env.js';
import { persistentId } from '../../../platform/storage/persistent-id.js';
import { ProcessSlot } from '../../../platform/storage/process-slot.js';
import { requireTenant } from '../../../platform/tenancy/tenant-context.js';

export interface StoredUpload {
  /** Where it lies until keep() or discard(). */
  temporaryPath: string;
  bytes: number;
  /** SHA-256. */
  hash: Buffer;
}

/** Uploaded files in the data folder, one folder a tenant. A kept file is on the disk before its row is committed. */
@Injectable()
export class FileStore {
  /**
   * Names this data folder. Processes that share the folder share the name; one that has another folder leaves these files
   * to those who can read them.
   */
  readonly store: string;

  /** Uploads that this process receives; what is there at start is its predecessor's and nobody's any more. */
  private readonly uploads: string;

  constructor(
    @Inject(ENV) private readonly env: Pick<Env, 'AI_STACK_DATA_DIR'>,
    slot: ProcessSlot,
  ) {
    const root = join(env.AI_STACK_DATA_DIR, 'files');
    mkdirSync(root, { recursive: true, mode: 0o700 });
    this.store = persistentId(join(root, 'id'));
    this.uploads = join(env.AI_STACK_DATA_DIR, 'tmp', slot.id);
    rmSync(this.uploads, { recursive: true, force: true });
    mkdirSync(this.uploads, { recursive: true, mode: 0o700 });
  }

  /** Streams to the disk: memory stays flat whatever the size. */
  async receive(stream: Readable): Promise<StoredUpload> {
    const temporaryPath = join(this.uploads, randomUUID());
    const hash = createHash('sha256');
    let bytes = 0;
    const measure = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        bytes += chunk.length;
        done(null, chunk);
      },
    });
    try {
      await pipeline(stream, measure, createWriteStream(temporaryPath, { mode: 0o600, flush: true }));
    } catch (error) {
      await rm(temporaryPath, { force: true });
      throw error;
    }
    return { temporaryPath, bytes, hash: hash.digest() };
  }

  /** The name under which keep(), path() and the others know the file of a document. */
  nameOf(documentId: string): string {
    return join(this.folder, documentId);
  }

  /** The tenant's id, not its schema: a tenant of that name in another database does not take these files for its own and sweep them. */
  private get folder(): string {
    return join(this.store, requireTenant().tenantId);
  }

  async keep(upload: StoredUpload, name: string): Promise<void> {
    const path = this.path(name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // Other files of the upload may have taken an hour since: its age counts from now, when its row is about to be committed.
    await utimes(upload.temporaryPath, new Date(), new Date());
    await rename(upload.temporaryPath, path);
    await syncDirectory(dirname(path));
  }

  /** Whether it is in this data folder, and there. */
  async has(name: string): Promise<boolean> {
    if (!name.startsWith(`${this.store}/`)) return false;
    return stat(this.path(name)).then((found) => found.isFile(), isAbsent);
  }

  async discard(upload: StoredUpload): Promise<void> {
    await rm(upload.temporaryPath, { force: true });
  }

  path(name: string): string {
    return join(this.env.AI_STACK_DATA_DIR, 'files', name);
  }

  /** @returns undefined when it is not in this data folder */
  async open(name: string): Promise<{ content: Readable; bytes: number } | undefined> {
    if (!name.startsWith(`${this.store}/`)) return undefined;
    const handle = await open(this.path(name), 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return undefined;
    });
    return handle && { content: handle.createReadStream(), bytes: (await handle.stat()).size };
  }

  async remove(names: string[]): Promise<void> {
    await Promise.all(names.map((name) => rm(this.path(name), { force: true })));
  }

  /** Names of the current tenant's files that are older than `ageMs`. */
  async list(ageMs: number): Promise<string[]> {
    const { folder } = this;
    const old = await olderThan(this.path(folder), ageMs);
    return old.map((name) => join(folder, name));
  }

  /** Uploads that ended with a process which has no successor. */
  async removeStaleUploads(ageMs: number): Promise<void> {
    const folder = join(this.env.AI_STACK_DATA_DIR, 'tmp');
    const stale = await olderThan(folder, ageMs);
    await Promise.all(stale.map((name) => rm(join(folder, name), { force: true })));
  }
}

function isAbsent(error: NodeJS.ErrnoException): false {
  if (error.code === 'ENOENT') return false;
  throw error;
}

/** Files at any depth. */
async function olderThan(folder: string, ageMs: number): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const old: string[] = [];
  for (const name of names) {
    // Gone between the two calls: nothing to do.
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found?.isFile() && Date.now() - found.mtimeMs > ageMs) old.push(name);
  }
  return old;
}

/** A rename is durable only when its directory is on the disk too. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
