import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { temporaryOf } from './segment-files.js';
import type { SegmentEntry } from './segment-part.js';
import type { LogPosition } from './types.js';

/** Changes whenever the meaning of any file does; snapshots of other versions are dropped. */
const FORMAT = 2;

const SNAPSHOT_NAME = /^snapshot-(\d{16})\.json$/;
const DIRECTORY_NAME = /^(?:segment|graph)-(\d{12})$/;

/** A segment in a snapshot, with its graph and which of its slots were removed since it was written. */
export interface SnapshotSegment extends SegmentEntry {
  graph: SegmentEntry | null;
  /** Base64 of a bit set over the slots. */
  removed: string;
}

export interface Snapshot extends LogPosition {
  segments: SnapshotSegment[];
}

interface StoredSnapshot extends Snapshot {
  format: number;
  dimensions: number;
  vectorSpace: string;
}

/**
 * The replica's directory: immutable `segment-*` and `graph-*` directories, and a `snapshot-*.json` that
 * names those which make up the index at a log position. A snapshot is written aside, flushed and renamed;
 * the one before is removed afterwards. So whatever moment a crash picks, one whole snapshot is left.
 */
export class SnapshotStore {
  private nextId = 1;
  private generation = 0;

  private constructor(
    readonly directory: string,
    private readonly dimensions: number,
    private readonly vectorSpace: string,
  ) {}

  static async open(directory: string, dimensions: number, vectorSpace: string): Promise<SnapshotStore> {
    await mkdir(directory, { recursive: true });
    const store = new SnapshotStore(directory, dimensions, vectorSpace);
    for (const name of await readdir(directory)) {
      store.nextId = Math.max(store.nextId, Number(DIRECTORY_NAME.exec(name)?.[1] ?? 0) + 1);
      store.generation = Math.max(store.generation, Number(SNAPSHOT_NAME.exec(name)?.[1] ?? 0));
    }
    return store;
  }

  /** A name nobody used yet. */
  newName(kind: 'segment' | 'graph'): string {
    return `${kind}-${String(this.nextId++).padStart(12, '0')}`;
  }

  /** Readable snapshots of this format and vector space with their file names, newest first. What they name is not yet verified. */
  async snapshots(): Promise<{ name: string; snapshot: Snapshot }[]> {
    const names = (await readdir(this.directory)).filter((name) => SNAPSHOT_NAME.test(name));
    const found: { name: string; snapshot: Snapshot }[] = [];
    for (const name of names.sort().reverse()) {
      const snapshot = this.parse(await readFile(join(this.directory, name), 'utf8'));
      if (snapshot !== null) found.push({ name, snapshot });
    }
    return found;
  }

  /** Makes this the snapshot to start from and forgets the ones before. */
  async commit(snapshot: Snapshot): Promise<void> {
    const stored: StoredSnapshot = {
      format: FORMAT,
      dimensions: this.dimensions,
      vectorSpace: this.vectorSpace,
      ...snapshot,
    };
    const body = JSON.stringify(stored);
    const generation = ++this.generation;
    const name = nameOf(generation);
    try {
      await this.write(name, `${crc32(body)}\n${body}`);
    } catch (error) {
      await this.discard(temporaryOf(name));
      throw error;
    }
    for (const name of await readdir(this.directory)) {
      const other = Number(SNAPSHOT_NAME.exec(name)?.[1] ?? generation);
      if (other < generation) await rm(join(this.directory, name), { force: true });
    }
  }

  /** Removes everything that is not in `kept`: left behind by a crash, broken, or of another version. */
  async clean(kept: ReadonlySet<string>): Promise<void> {
    for (const name of await readdir(this.directory)) {
      const ours = /^(?:segment|graph|snapshot)-/.test(name);
      if (ours && !kept.has(name)) await this.discard(name);
    }
  }

  /** Removes a file or directory nobody needs any more. What cannot be removed now goes at the next start. */
  async discard(name: string): Promise<void> {
    await rm(join(this.directory, name), { recursive: true, force: true }).catch(() => undefined);
  }

  private parse(content: string): Snapshot | null {
    const end = content.indexOf('\n');
    const body = content.slice(end + 1);
    if (end < 0 || Number(content.slice(0, end)) !== crc32(body)) return null;
    const stored = JSON.parse(body) as StoredSnapshot;
    const same =
      stored.format === FORMAT && stored.dimensions === this.dimensions && stored.vectorSpace === this.vectorSpace;
    return same ? { seq: stored.seq, mark: stored.mark, segments: stored.segments } : null;
  }

  private async write(name: string, content: string): Promise<void> {
    const temporary = join(this.directory, temporaryOf(name));
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, join(this.directory, name));
    await this.sync();
  }

  private async sync(): Promise<void> {
    if (process.platform === 'win32') return;
    const handle = await open(this.directory, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

const nameOf = (generation: number): string => `snapshot-${String(generation).padStart(16, '0')}.json`;
