import { GrowableArray } from '#libs/index-parts';
import { KeywordTail, type KeywordTailData } from '#libs/keyword-index';
import { MemoryRows } from '#libs/vector-index';
import { ReplicaPart } from './replica-part.js';
import type { ChunkEntry } from './types.js';

/** A copy of a finished tail, for the worker that writes it. */
export interface TailData {
  keyword: KeywordTailData;
  vectors: { rows: Int8Array; present: Uint8Array };
  keys: Float64Array;
  documentOf: Uint32Array;
  documents: Float64Array;
  collections: Float64Array;
  live: Uint8Array;
}

/** Fresh changes, in memory. A document being added is invisible until {@link finishDocument}. */
export class TailPart extends ReplicaPart {
  readonly keyword = new KeywordTail();
  readonly rows: MemoryRows;
  readonly graph = null;
  private readonly keyColumn = new GrowableArray(Float64Array);
  private readonly slotColumn = new GrowableArray(Uint32Array);
  private readonly documentColumn = new GrowableArray(Float64Array);
  private readonly collectionColumn = new GrowableArray(Float64Array);
  private readonly startColumn = new GrowableArray(Uint32Array);
  private readonly liveColumn = new GrowableArray(Uint8Array);
  private readonly slotByDocument = new Map<number, number>();

  constructor(dimensions: number) {
    super();
    this.rows = new MemoryRows(dimensions);
    this.startColumn.push(0);
  }

  get chunks(): number {
    return this.keyColumn.length;
  }
  get slots(): number {
    return this.liveColumn.length;
  }
  get keys(): Float64Array {
    return this.keyColumn.data;
  }
  get documentOf(): Uint32Array {
    return this.slotColumn.data;
  }
  get documents(): Float64Array {
    return this.documentColumn.data;
  }
  get collections(): Float64Array {
    return this.collectionColumn.data;
  }
  get starts(): Uint32Array {
    return this.startColumn.data;
  }
  get live(): Uint8Array {
    return this.liveColumn.data;
  }

  /** Memory held, in bytes; the map of documents is estimated. */
  get bytes(): number {
    const columns = this.columns.reduce((sum, column) => sum + column.bytes, 0);
    return columns + this.keyword.bytes + this.rows.bytes + this.slots * 40;
  }

  /** Starts a document and returns its slot. One document at a time. */
  startDocument(document: number, collection: number): number {
    this.documentColumn.push(document);
    this.collectionColumn.push(collection);
    this.liveColumn.push(0);
    return this.slots - 1;
  }

  addChunk(chunk: ChunkEntry): void {
    // Read first: if the caller's iterable throws, no column has grown.
    const terms = [...chunk.terms];
    this.rows.add(chunk.vector);
    this.keyword.addChunk(terms);
    this.keyColumn.push(chunk.key);
    this.slotColumn.push(this.slots - 1);
    // Not counted before the document is whole.
    this.keyword.forget(this.chunks - 1);
  }

  /** Ends the document just started; `visible` false leaves it removed. */
  finishDocument(slot: number, visible: boolean): void {
    this.startColumn.push(this.chunks);
    if (!visible) return;
    this.live[slot] = 1;
    this.liveDocuments++;
    this.slotByDocument.set(this.documents[slot] as number, slot);
    for (let ordinal = this.starts[slot] as number; ordinal < this.chunks; ordinal++) {
      this.keyword.recall(ordinal);
      this.liveVectors += this.rows.present[ordinal] as number;
    }
  }

  /** Copies the content for a worker; `live` as it is at the call. Nothing may be added meanwhile or afterwards. */
  async data(): Promise<TailData> {
    const live = this.live.slice(0, this.slots);
    return {
      live,
      keyword: await this.keyword.data(),
      vectors: await this.rows.data(),
      keys: await this.keyColumn.copied(),
      documentOf: await this.slotColumn.copied(),
      documents: await this.documentColumn.copied(),
      collections: await this.collectionColumn.copied(),
    };
  }

  protected free(): void {
    this.keyword.free();
    this.rows.free();
    for (const column of this.columns) column.free();
    this.slotByDocument.clear();
  }

  private get columns() {
    const perDocument = [this.documentColumn, this.collectionColumn, this.startColumn, this.liveColumn];
    return [this.keyColumn, this.slotColumn, ...perDocument];
  }

  slotsOf(document: number): readonly number[] {
    const slot = this.slotByDocument.get(document);
    return slot === undefined ? [] : [slot];
  }
}
