import type { KeywordPart } from '#libs/keyword-index';
import type { VectorGraph, VectorRows } from '#libs/vector-index';

/**
 * A piece of the replica: the tail or a segment. A chunk is known by its ordinal in the part, a document
 * by its slot; the chunks of slot `s` are the ordinals from `starts[s]` to `starts[s + 1]`.
 * Arrays may be longer than the filled part.
 */
export abstract class ReplicaPart {
  abstract readonly keyword: KeywordPart;
  abstract readonly rows: VectorRows;
  abstract readonly graph: VectorGraph | null;
  abstract get chunks(): number;
  abstract get slots(): number;
  abstract get keys(): Float64Array;
  abstract get documentOf(): Uint32Array;
  abstract get documents(): Float64Array;
  abstract get collections(): Float64Array;
  abstract get starts(): Uint32Array;
  /** 1: the document is there; 0: removed, or not yet complete. */
  abstract get live(): Uint8Array;
  /** Memory held, in bytes. */
  abstract get bytes(): number;
  /** Slots that ever belonged to this document. */
  abstract slotsOf(document: number): readonly number[];

  /** Frees memory and files, when nobody uses the part any more. */
  protected abstract free(): void;

  liveDocuments = 0;
  liveVectors = 0;
  private users = 1;

  /** Keeps memory and files until {@link release}; a search that gives way to other work does so. */
  retain(): void {
    this.users++;
  }

  release(): void {
    if (--this.users === 0) this.free();
  }

  get liveChunks(): number {
    return this.keyword.liveChunks;
  }

  /** Removes the document's chunks; false if it has none here. */
  remove(document: number): boolean {
    const slots = this.slotsOf(document).filter((slot) => this.live[slot] === 1);
    for (const slot of slots) this.removeSlot(slot);
    return slots.length > 0;
  }

  protected removeSlot(slot: number): void {
    this.live[slot] = 0;
    this.liveDocuments--;
    const end = this.starts[slot + 1] as number;
    for (let ordinal = this.starts[slot] as number; ordinal < end; ordinal++) {
      this.keyword.forget(ordinal);
      this.liveVectors -= this.rows.present[ordinal] as number;
    }
  }
}
