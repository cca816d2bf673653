import { Injectable } from '@nestjs/common';
import type { OpenStream, StreamScope } from './open-stream.js';
import { TooManyStreamsError } from './streams.errors.js';

/** Open at once, each below 100 kB as a rule. */
const mostStreams = 10_000;
/** How long what a stream told stays readable after its end. */
const keptMs = 60_000;
/** Of all ended streams together; the ones that ended first go first. */
const keptBytes = 16 * 1024 * 1024;

/** The streams that this process makes, and those that it made a moment ago. */
@Injectable()
export class StreamRegistry {
  private readonly running = new Map<string, OpenStream>();
  /** In the order of their end. */
  private readonly ended = new Map<string, { stream: OpenStream; until: number }>();
  private endedBytes = 0;

  get open(): Iterable<OpenStream> {
    return this.running.values();
  }

  /** @throws TooManyStreamsError */
  add(stream: OpenStream): void {
    if (this.running.size >= mostStreams) throw new TooManyStreamsError();
    this.running.set(stream.id, stream);
  }

  /** The caller's own stream. */
  find(id: string, scope: StreamScope): OpenStream | undefined {
    const stream = this.running.get(id) ?? this.ended.get(id)?.stream;
    return stream?.belongsTo(scope) ? stream : undefined;
  }

  /** It tells nothing more, but can be read for a while. */
  end(stream: OpenStream): void {
    if (!this.running.delete(stream.id) || stream.log.last === 0) return;
    this.ended.set(stream.id, { stream, until: performance.now() + keptMs });
    this.endedBytes += stream.log.size;
    this.forget(() => this.endedBytes > keptBytes);
  }

  /** Nobody can read it any more. */
  remove(id: string): void {
    this.running.delete(id);
  }

  tick(now: number): void {
    this.forget((until) => until < now);
    for (const stream of this.running.values()) stream.tick(now);
    for (const { stream } of this.ended.values()) stream.tick(now);
  }

  private forget(isDue: (until: number) => boolean): void {
    for (const [id, { stream, until }] of this.ended) {
      if (!isDue(until)) return;
      this.ended.delete(id);
      this.endedBytes -= stream.log.size;
    }
  }
}
