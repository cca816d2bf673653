import type { Failure } from '../http/http-error.js';

/** Frames that differ in one text: `before`, the text as a JSON string, `after`. Kept once a stream, not once a frame. */
export interface FrameTemplate {
  before: string;
  after: string;
}

/** Takes what is to be told. A frame is its lines, without `id:` and without the empty line that ends it. */
export interface FrameWriter {
  /** More of a text, in the template of that number; what is said in one turn of the event loop becomes one frame. */
  text(template: number, text: string): void;
  frame(lines: string): void;
}

/** How the events of one answer are told: the wire form of a door. */
export interface StreamForm<E> {
  /** At most ten, together below 4,000 bytes. */
  readonly templates: readonly FrameTemplate[];
  write(event: E, to: FrameWriter): void;
  /** After the last event of an answer that did not fail. */
  finish(to: FrameWriter): void;
  /** In place of what would have followed, when something has been told already. */
  fail(failure: Failure, requestId: string, to: FrameWriter): void;
}
