import { SegmentPart } from './segment-part.js';
import type { ReplicaPart } from './replica-part.js';
import { TailPart } from './tail-part.js';
import type { LogPosition } from './types.js';
import type { Snapshot, SnapshotSegment } from './snapshot-store.js';

/** How far a tail goes, in the log and in the count of changes. */
interface Extent {
  position: LogPosition;
  changes: number;
}

interface FrozenTail {
  frozen: TailPart;
  upTo: Extent;
}

/**
 * What the replica consists of at a moment: segments, a tail being written as a segment (if any), and the
 * tail that takes changes. Changed only on the event loop, between two turns: a search sees before or after.
 */
export class ReplicaState {
  segments: SegmentPart[] = [];
  /** A tail that is being written, and how far it goes. */
  frozen: FrozenTail | null = null;
  tail: TailPart;
  /** Last applied position of the log. */
  position: LogPosition = { seq: 0, mark: 0 };
  /** Everything up to here is in the segments. */
  sealed: LogPosition = { seq: 0, mark: 0 };
  /** Changes applied since the replica was opened, and how many of them the segments hold. */
  totalChanges = 0;
  sealedChanges = 0;
  /** A document is being added to the tail in several steps. */
  writing = false;

  constructor(private readonly dimensions: number) {
    this.tail = new TailPart(dimensions);
  }

  get parts(): ReplicaPart[] {
    return this.frozen === null ? [...this.segments, this.tail] : [...this.segments, this.frozen.frozen, this.tail];
  }

  /** Removes a document from wherever it is. */
  remove(document: number): void {
    for (const part of this.parts) part.remove(document);
  }

  /** Starts a new tail; the old one no longer changes, except for removals. */
  freeze(): FrozenTail {
    this.frozen = { frozen: this.tail, upTo: { position: this.position, changes: this.totalChanges } };
    this.tail = new TailPart(this.dimensions);
    return this.frozen;
  }

  /** Puts a sealed tail's segments in its place. `written`: its `live` when it was handed over. */
  replaceFrozen(segments: SegmentPart[], written: Uint8Array, upTo: Extent): void {
    if (this.frozen !== null) {
      carryRemovals(this.frozen.frozen, written, segments);
      this.frozen.frozen.release();
    }
    this.segments = [...this.segments, ...segments];
    this.frozen = null;
    this.sealed = upTo.position;
    this.sealedChanges = upTo.changes;
  }

  /** Puts a merged segment in the place of its sources; `written`: their `live` when the merge began. */
  replaceSegments(sources: readonly SegmentPart[], written: readonly Uint8Array[], merged: SegmentPart | null): void {
    const targets = merged === null ? [] : [merged];
    sources.forEach((source, index) => carryRemovals(source, written[index] as Uint8Array, targets));
    this.segments = [...this.segments.filter((segment) => !sources.includes(segment)), ...targets];
  }

  snapshot(): Snapshot {
    return { ...this.sealed, segments: this.segments.map(snapshotSegment) };
  }
}

/** Removes from `targets` the documents that were removed from `source` after it was written out. */
function carryRemovals(source: ReplicaPart, written: Uint8Array, targets: readonly SegmentPart[]): void {
  for (let slot = 0; slot < written.length; slot++) {
    if (written[slot] === 0 || source.live[slot] === 1) continue;
    for (const target of targets) target.remove(source.documents[slot] as number);
  }
}

function snapshotSegment(segment: SegmentPart): SnapshotSegment {
  const bits = new Uint8Array(Math.ceil(segment.slots / 8));
  for (let slot = 0; slot < segment.slots; slot++) {
    if (segment.live[slot] === 0) bits[slot >> 3] = (bits[slot >> 3] as number) | (1 << (slot & 7));
  }
  return {
    ...segment.entry,
    graph: segment.attached?.entry ?? null,
    removed: Buffer.from(bits).toString('base64'),
  };
}

/** Slots named by {@link SnapshotSegment.removed}. */
export function removedSlots(removed: string): number[] {
  const slots: number[] = [];
  Buffer.from(removed, 'base64').forEach((byte, index) => {
    for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) slots.push(index * 8 + bit);
  });
  return slots;
}
