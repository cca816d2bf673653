import { join } from 'node:path';
import { BrokenFileError, loadVerified, verifyFile, type FileSummary } from '#libs/index-parts';
import { KeywordSegment } from '#libs/keyword-index';
import { FileRows, type VectorGraph } from '#libs/vector-index';
import { ReplicaPart } from './replica-part.js';
import { SEGMENT_FILES } from './segment-files.js';

/** A segment on disk as a manifest names it. */
export interface SegmentEntry {
  /** Name of its directory. */
  name: string;
  files: FileSummary[];
}

/** A graph and its directory. */
export interface AttachedGraph {
  entry: SegmentEntry;
  graph: VectorGraph;
}

interface Columns {
  keys: Float64Array;
  documentOf: Uint32Array;
  documents: Float64Array;
  collections: Float64Array;
  starts: Uint32Array;
  /** Slots in the order of their documents' numbers. */
  order: Uint32Array;
}

/** An immutable segment: about 24 bytes a chunk and 8 a term in memory, the rest in files read on demand. */
export class SegmentPart extends ReplicaPart {
  readonly live: Uint8Array;
  private attachedGraph: AttachedGraph | null = null;
  /** Chunks in the graph that are live. */
  private liveCovered = 0;

  private constructor(
    readonly entry: SegmentEntry,
    private readonly columns: Columns,
    readonly keyword: KeywordSegment,
    readonly rows: FileRows,
  ) {
    super();
    this.live = new Uint8Array(columns.documents.length).fill(1);
    this.liveDocuments = columns.documents.length;
    for (const flag of rows.present) this.liveVectors += flag;
  }

  static async open(root: string, entry: SegmentEntry, dimensions: number): Promise<SegmentPart> {
    const directory = join(root, entry.name);
    const load = (name: string) => loadVerified(directory, fileOf(entry, name));
    const starts = new Uint32Array(await load(SEGMENT_FILES.starts));
    const keys = new Float64Array(await load(SEGMENT_FILES.keys));
    const columns: Columns = {
      keys,
      starts,
      documentOf: slotPerChunk(starts, keys.length),
      documents: new Float64Array(await load(SEGMENT_FILES.documents)),
      collections: new Float64Array(await load(SEGMENT_FILES.collections)),
      order: new Uint32Array(await load(SEGMENT_FILES.order)),
    };
    const present = new Uint8Array(await load(SEGMENT_FILES.present));
    await verifyFile(directory, fileOf(entry, SEGMENT_FILES.vectors));
    const rows = new FileRows(join(directory, SEGMENT_FILES.vectors), dimensions, present);
    try {
      return new SegmentPart(entry, columns, await KeywordSegment.open(directory, entry.files), rows);
    } catch (error) {
      rows.close();
      throw error;
    }
  }

  get graph(): VectorGraph | null {
    return this.attachedGraph?.graph ?? null;
  }

  get attached(): AttachedGraph | null {
    return this.attachedGraph;
  }

  attach(attached: AttachedGraph): void {
    this.attachedGraph = attached;
    this.liveCovered = 0;
    attached.graph.covered.forEach((covered, ordinal) => {
      if (covered === 1 && this.live[this.documentOf[ordinal] as number] === 1) this.liveCovered++;
    });
  }
  get chunks(): number {
    return this.columns.keys.length;
  }
  get slots(): number {
    return this.columns.documents.length;
  }
  get keys(): Float64Array {
    return this.columns.keys;
  }
  get documentOf(): Uint32Array {
    return this.columns.documentOf;
  }
  get documents(): Float64Array {
    return this.columns.documents;
  }
  get collections(): Float64Array {
    return this.columns.collections;
  }
  get starts(): Uint32Array {
    return this.columns.starts;
  }

  /** Memory held, in bytes. */
  get bytes(): number {
    const columns = Object.values(this.columns) as ArrayBufferView[];
    const own = columns.reduce((sum, column) => sum + column.byteLength, this.live.byteLength + this.chunks);
    return own + this.keyword.bytes + (this.graph?.bytes ?? 0);
  }

  /** Live vectors that only a scan can find. */
  uncoveredVectors(): number {
    return Math.max(0, this.liveVectors - (this.graph === null ? 0 : this.liveCovered));
  }

  /** Whether this share of the graph's nodes, or more, stands for chunks that are gone. */
  graphIsWorn(share: number): boolean {
    return this.graph !== null && this.graph.size - this.liveCovered >= this.graph.size * share;
  }

  /** Marks slots as removed, when a snapshot or a removed original says so. */
  removeSlots(slots: Iterable<number>): void {
    for (const slot of slots) if (this.live[slot] === 1) this.removeSlot(slot);
  }

  protected free(): void {
    this.keyword.close();
    this.rows.close();
    this.graph?.release();
  }

  protected override removeSlot(slot: number): void {
    super.removeSlot(slot);
    const end = this.starts[slot + 1] as number;
    for (let ordinal = this.starts[slot] as number; this.graph !== null && ordinal < end; ordinal++) {
      this.liveCovered -= this.graph.covered[ordinal] as number;
    }
  }

  slotsOf(document: number): readonly number[] {
    const { order, documents } = this.columns;
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((documents[order[middle] as number] as number) < document) low = middle + 1;
      else high = middle;
    }
    const slots: number[] = [];
    for (; low < order.length && documents[order[low] as number] === document; low++) slots.push(order[low] as number);
    return slots;
  }
}

function fileOf(entry: SegmentEntry, name: string): FileSummary {
  const file = entry.files.find((candidate) => candidate.name === name);
  if (file === undefined) throw new BrokenFileError(`${entry.name} has no ${name}.`);
  return file;
}

function slotPerChunk(starts: Uint32Array, chunks: number): Uint32Array {
  const slots = new Uint32Array(chunks);
  for (let slot = 0; slot + 1 < starts.length; slot++) slots.fill(slot, starts[slot], starts[slot + 1]);
  return slots;
}
