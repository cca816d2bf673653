import { toFailure, type Failure } from '../http/http-error.js';
import { EventLog } from './event-log.js';
import type { FrameTemplate, FrameWriter, StreamForm } from './stream-form.js';
import { StreamSource, type StreamReader } from './stream-source.js';
import { within } from './within.js';

/** Of what one stream told; a reader that comes back later than that cannot be served. */
const longestLog = 1_000_000;

/** Whose stream it is, and at which door: nobody else learns that it exists. */
export interface StreamScope {
  door: string;
  tenantId: string;
  principalId: string;
}

interface Options {
  scope: StreamScope;
  /** How long the work waits for a caller who went away; 0: not at all. */
  graceMs: () => number;
  /** Nobody came back in time. */
  abandoned: () => void;
  failed: (failure: Failure, error: unknown) => void;
}

/** Streams that have something to tell in this turn of the event loop. */
let telling: OpenStream[] = [];

function tellAll(): void {
  const streams = telling;
  telling = [];
  for (const stream of streams) stream.tell();
}

/** An answer while it is made and read, and for a while after. One reader at a time; without one the work stands still. */
export class OpenStream extends StreamSource implements FrameWriter {
  cancelled = false;
  private readonly stopping = new AbortController();
  private reader: StreamReader | undefined;
  private grace: NodeJS.Timeout | undefined;
  /** Somebody has begun to read: from now on nothing is made without a reader. */
  private begun = false;
  /** A reader has gone: what the next one can have is bounded. */
  private left = false;
  private pendingText = '';
  private pendingTemplate = 0;
  private turnComes = false;
  private goOn: (() => void) | undefined;
  private readonly first = signal();
  private readonly over = signal();
  private failure: { error: unknown } | undefined;
  /** Why its caller may not read on. */
  private refusal: Error | undefined;

  constructor(
    id: string,
    templates: readonly FrameTemplate[],
    private readonly options: Options,
  ) {
    super(id, templates, new EventLog(longestLog));
    this.log.keepAfter = () => this.reader?.upTo ?? (this.left ? Infinity : 0);
  }

  /** Aborted when the work should end: by its caller, or because nobody reads. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  /** Its reader has gone and may come back. */
  get orphaned(): boolean {
    return this.begun && !this.reader && !this.ended;
  }

  belongsTo({ door, tenantId, principalId }: StreamScope): boolean {
    const { scope } = this.options;
    return scope.door === door && scope.tenantId === tenantId && scope.principalId === principalId;
  }

  /** Tells all events; resolves when there are no more, never rejects. What was told stays readable. */
  async run<E>(events: AsyncIterable<E>, form: StreamForm<E>, requestId: string): Promise<void> {
    try {
      for await (const event of events) {
        if (!this.refusal) form.write(event, this);
        if (this.mustWait) await this.room();
      }
      if (this.refusal) throw this.refusal;
      form.finish(this);
    } catch (error) {
      this.fail(this.refusal ?? error, (failure) => form.fail(failure, requestId, this));
    } finally {
      this.settle();
      this.ended = true;
      clearTimeout(this.grace);
      this.log.close();
      this.first.resolve();
      this.over.resolve();
      this.reader?.wake();
    }
  }

  /** Resolves when something was told, or after `mostMs`. @throws what the work failed with before it told anything */
  async beginning(mostMs: number): Promise<void> {
    await within(this.first.promise, mostMs);
    if (this.failure) throw this.failure.error;
    this.begun = true;
  }

  /** Resolves when the work is over, or after `mostMs`. */
  async ending(mostMs: number): Promise<void> {
    await within(this.over.promise, mostMs);
  }

  attach(reader: StreamReader): void {
    clearTimeout(this.grace);
    const older = this.reader;
    this.reader = reader;
    older?.replace();
    this.readerReady();
    reader.wake();
  }

  detach(reader: StreamReader): void {
    if (this.reader !== reader) return;
    this.reader = undefined;
    this.left = true;
    if (this.ended) return;
    const graceMs = this.options.graceMs();
    if (graceMs === 0) this.abandon();
    else this.grace = setTimeout(() => this.abandon(), graceMs).unref();
  }

  /** Ends the work for nobody will read it. What was said until now is for the maker of the events to keep. */
  abandon(): void {
    clearTimeout(this.grace);
    this.options.abandoned();
    this.stop();
  }

  /** Ends the work at its caller's wish; the reader gets the end. */
  cancel(): void {
    if (this.ended) return;
    this.cancelled = true;
    this.stop();
  }

  /** Ends the work for its caller may not read it any more; the reader is told why, and nothing else. What was said until now is for the maker of the events to keep. */
  refuse(reason: Error): void {
    this.refusal = reason;
    this.stop();
  }

  readerReady(): void {
    this.goOn?.();
    this.goOn = undefined;
  }

  tick(now: number): void {
    this.reader?.tick(now);
  }

  text(template: number, text: string): void {
    if (template !== this.pendingTemplate) this.settle();
    this.pendingTemplate = template;
    this.pendingText += text;
    this.tellInTurn();
  }

  frame(lines: string): void {
    this.settle();
    this.log.append(lines);
    this.tellInTurn();
  }

  private stop(): void {
    this.stopping.abort();
    this.readerReady();
  }

  private get mustWait(): boolean {
    return this.begun && (this.reader === undefined || this.reader.busy) && !this.signal.aborted;
  }

  private room(): Promise<void> {
    return new Promise((resolve) => {
      this.goOn = resolve;
    });
  }

  private fail(error: unknown, tell: (failure: Failure) => void): void {
    const told = this.begun || this.log.last > 0 || this.pendingText !== '';
    if (!told) {
      this.failure = { error };
      return;
    }
    const failure = toFailure(error);
    this.options.failed(failure, error);
    tell(failure);
  }

  private settle(): void {
    if (this.pendingText === '') return;
    this.log.append(this.pendingTemplate + JSON.stringify(this.pendingText));
    this.pendingText = '';
  }

  /** What comes in one turn of the event loop leaves in one piece: a fast model has several tokens in each packet. */
  private tellInTurn(): void {
    if (this.turnComes) return;
    this.turnComes = true;
    this.first.resolve();
    if (telling.push(this) === 1) setImmediate(tellAll);
  }

  /** Called once a turn. */
  tell(): void {
    this.turnComes = false;
    this.settle();
    this.reader?.wake();
  }
}

function signal(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
