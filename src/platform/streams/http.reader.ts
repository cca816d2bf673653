import type { FastifyReply } from 'fastify';
import type { StreamReader, StreamSource } from './stream-source.js';

/** Comments are sent so often when there is nothing else: proxies close what is silent for 30 to 60 seconds. */
export const heartbeatMs = 15_000;
/** A connection that takes nothing for so long is as good as gone. */
const stalledMs = 60_000;
/** Handed to the connection at once. */
const pieceBytes = 64 * 1024;

const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' };

/** Sends a stream over one response, as fast as its client reads. */
export class HttpReader implements StreamReader {
  busy = false;
  private over = false;
  private begun = false;
  private sentAt = performance.now();
  private readonly raw: FastifyReply['raw'];

  /** @param sent number of the last event that the client has */
  constructor(
    reply: FastifyReply,
    private readonly source: StreamSource,
    private sent: number,
  ) {
    const { raw } = reply;
    this.raw = raw;
    reply.hijack();
    raw.writeHead(200, { ...reply.getHeaders(), ...headers, 'x-stream-id': source.id } as Record<string, string>);
    const close = () => {
      this.over = true;
      source.detach(this);
    };
    // A client that has gone already tells nobody any more.
    if (raw.destroyed) setImmediate(close);
    else raw.once('close', close);
    // Once more in this turn the first events may come and take the headers along.
    setImmediate(() => {
      if (!this.begun && !this.over) raw.flushHeaders();
    });
  }

  /** Number of the last event that was handed to the connection. */
  get upTo(): number {
    return this.sent;
  }

  wake(): void {
    if (this.over || this.busy) return;
    const { log, ended } = this.source;
    while (!this.busy && this.sent < log.last) {
      const { text, upTo } = this.source.frames(this.sent, pieceBytes);
      this.sent = upTo;
      if (ended && upTo === log.last) this.end(text);
      else this.send(text);
    }
    if (ended && !this.busy && !this.over) this.end();
  }

  replace(): void {
    if (!this.over) this.end();
  }

  /** Breaks the connection, so that the client comes back. */
  breakOff(): void {
    this.raw.destroy();
  }

  tick(now: number): void {
    if (this.over || now - this.sentAt < heartbeatMs) return;
    if (!this.busy) this.send(': keep-alive\n\n');
    else if (now - this.sentAt > stalledMs) this.raw.destroy();
  }

  private send(text: string): void {
    this.begun = true;
    this.sentAt = performance.now();
    if (this.raw.write(text) || this.raw.destroyed) return;
    this.busy = true;
    this.raw.once('drain', () => {
      this.busy = false;
      this.wake();
      if (!this.busy) this.source.readerReady();
    });
  }

  /** The last frames and the end leave together. */
  private end(text?: string): void {
    this.over = true;
    this.begun = true;
    this.raw.end(text);
    // A client that takes nothing any more must not hold the connection for ever.
    this.raw.setTimeout(stalledMs);
  }
}
