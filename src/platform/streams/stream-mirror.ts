import { randomUUID } from 'node:crypto';
import type { StreamBatch } from '#libs/contracts';
import { EventLog } from './event-log.js';
import type { HttpReader } from './http.reader.js';
import { silentMs } from './remote.reader.js';
import { StreamSource } from './stream-source.js';

/** More than the other process sends before it hears that it was read. */
const longestLog = 512 * 1024;
/** Read by the client and not yet reported. */
const reportedBytes = 16 * 1024;
const signOfLifeMs = 2_000;
/** How long the owner of a stream may take to answer. */
export const answerMs = 1_000;
const mostLookUps = 3;

/** The way to the other processes. */
export interface MirrorLine {
  /** Looks for the owner, in the name of the mirror's present reader; batches for the former one are not wanted any more. */
  look(mirror: StreamMirror, former: string): void;
  /** The client has everything up to `mirror.upTo`. */
  report(mirror: StreamMirror): void;
  /** The client has left, before the end or after it. */
  leave(mirror: StreamMirror): void;
}

/** A stream of another process, as far as a client of this one has not read it yet. */
export class StreamMirror extends StreamSource {
  /** A new one for each look-up: batches for an older one are not meant any more. */
  reader = randomUUID() as string;
  /** Resolves with the first batch. */
  readonly answered: Promise<StreamBatch>;
  private answer: (batch: StreamBatch) => void = () => undefined;
  private client: HttpReader | undefined;
  /** The beginning of an entry whose end has not come yet. */
  private part = '';
  private lookUps = 0;
  private heardAt = performance.now();
  private reported: number;
  private reportedAt = performance.now();

  constructor(
    id: string,
    after: number,
    private readonly line: MirrorLine,
  ) {
    super(id, [], new EventLog(longestLog, after));
    this.reported = after;
    this.log.keepAfter = () => this.upTo;
    this.answered = new Promise((resolve) => {
      this.answer = resolve;
    });
  }

  /** Number of the last event that the client has. */
  get upTo(): number {
    return this.client?.upTo ?? this.reported;
  }

  attach(client: HttpReader): void {
    this.client = client;
    client.wake();
  }

  receive(batch: StreamBatch): void {
    this.heardAt = performance.now();
    this.lookUps = 0;
    this.templates = batch.templates ?? this.templates;
    if (batch.state === 'replaced') this.client?.replace();
    else if (batch.from !== this.log.last + 1 || batch.offset !== this.part.length) this.lookAgain();
    else this.take(batch);
    this.answer(batch);
  }

  readerReady(): void {
    if (this.log.bytesAfter(this.reported) - this.log.bytesAfter(this.upTo) > reportedBytes) this.report();
  }

  detach(): void {
    this.line.leave(this);
  }

  /** The connection to the other processes was down: batches may have been missed. */
  lookAgain(): void {
    if (this.ended) return;
    if (++this.lookUps > mostLookUps) {
      this.client?.breakOff();
      return;
    }
    const former = this.reader;
    this.part = '';
    this.reader = randomUUID();
    this.heardAt = performance.now();
    this.line.look(this, former);
  }

  tick(now: number): void {
    this.client?.tick(now);
    if (this.ended) return;
    if (now - this.heardAt > (this.lookUps > 0 ? answerMs : silentMs)) this.lookAgain();
    else if (now - this.reportedAt > signOfLifeMs) this.report();
  }

  private take({ entries, open, state }: StreamBatch): void {
    for (const [index, entry] of entries.entries()) {
      this.part += entry;
      if (open && index === entries.length - 1) continue;
      this.log.append(this.part);
      this.part = '';
    }
    this.ended = state === 'ended';
    this.client?.wake();
    this.readerReady();
  }

  private report(): void {
    this.reported = this.upTo;
    this.reportedAt = performance.now();
    this.line.report(this);
  }
}
