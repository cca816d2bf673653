import type { EventLog } from './event-log.js';
import type { FrameTemplate } from './stream-form.js';

/** Who reads a stream: a connection of this process, or another process for one of its own. */
export interface StreamReader {
  /** There is more to read, or nothing follows any more. */
  wake(): void;
  /** It does not keep up: nothing should be made for it at the moment. */
  readonly busy: boolean;
  /** Number of the last event that it has taken. */
  readonly upTo: number;
  /** Somebody newer reads in its place. */
  replace(): void;
  /** From time to time, for what depends on time. @param now performance.now() */
  tick(now: number): void;
}

/** What a reader reads from: the numbered events of a stream, made here or on another process. */
export abstract class StreamSource {
  /** Nothing is appended any more. */
  ended = false;

  /**
   * @param log entries: a digit (the template) and a JSON string, or the lines of a frame, which begin with a letter
   */
  constructor(
    readonly id: string,
    public templates: readonly FrameTemplate[],
    readonly log: EventLog,
  ) {}

  /** The reader has caught up after it was busy. */
  abstract readerReady(): void;
  /** The reader has gone before the end. */
  abstract detach(reader: StreamReader): void;

  /** The events after the number `after` as they are sent, about `mostBytes` of them, and the number of the last one. */
  frames(after: number, mostBytes: number): { text: string; upTo: number } {
    let text = '';
    let upTo = after;
    while (upTo < this.log.last && text.length < mostBytes) {
      upTo += 1;
      text += `id: ${this.id}.${upTo}\n${this.linesOf(this.log.entry(upTo))}\n\n`;
    }
    return { text, upTo };
  }

  private linesOf(entry: string): string {
    const template = this.templates[entry.charCodeAt(0) - 48];
    return template ? template.before + entry.slice(1) + template.after : entry;
  }
}
