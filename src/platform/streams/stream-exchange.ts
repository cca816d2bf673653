import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { ClusterEvents } from '#libs/contracts';
import { ClusterEventBus } from '../events/cluster-event-bus.js';
import type { StreamScope } from './open-stream.js';
import { RemoteReader } from './remote.reader.js';
import { answerMs, StreamMirror, type MirrorLine } from './stream-mirror.js';
import { StreamRegistry } from './stream-registry.js';
import { StreamPositionError, TooManyStreamsError } from './streams.errors.js';
import { within } from './within.js';

/** Clients that read a stream of another process here, and callers who wait for an answer of one. */
const mostMirrors = 1_000;
/** So long a cancelled answer may take to be put away before its caller hears of it. */
const endingMs = 500;

export type CancelStatus = ClusterEvents['stream.cancelled']['status'];

/** Streams between processes, over the event bus. What it costs is paid by streams that are asked for on another process. */
@Injectable()
export class StreamExchange implements OnModuleInit {
  private readonly logger = new Logger(StreamExchange.name);
  private readonly mirrors = new Map<string, StreamMirror>();
  private readonly remoteReaders = new Map<string, RemoteReader>();
  private readonly askers = new Map<string, (status: CancelStatus) => void>();

  constructor(
    private readonly bus: ClusterEventBus,
    private readonly registry: StreamRegistry,
  ) {}

  onModuleInit(): void {
    this.bus.on('stream.wanted', (wanted) => this.lend(wanted));
    this.bus.on('stream.told', (batch) => this.mirrors.get(batch.reader)?.receive(batch));
    this.bus.on('stream.read', (progress) => this.remoteReaders.get(progress.reader)?.hear(progress));
    this.bus.on('stream.cancel', (wish) => void this.cancelHere(wish));
    this.bus.on('stream.cancelled', ({ asker, status }) => this.askers.get(asker)?.(status));
    this.bus.onReconnected(() => {
      for (const mirror of [...this.mirrors.values()]) mirror.lookAgain();
    });
  }

  /** From time to time, for the streams of other processes. */
  tick(now: number): void {
    for (const mirror of [...this.mirrors.values()]) mirror.tick(now);
  }

  /** Resolves when all that was made here for readers on other processes has been told. */
  async told(): Promise<void> {
    await Promise.all([...this.remoteReaders.values()].map(({ done }) => done));
  }

  /**
   * The stream on whichever other process makes it, from the event after `after` on.
   * @throws StreamPositionError, TooManyStreamsError, events.unavailable
   */
  async borrow(id: string, after: number, scope: StreamScope): Promise<StreamMirror | undefined> {
    if (await this.bus.isAlone()) return undefined;
    if (this.mirrors.size >= mostMirrors) throw new TooManyStreamsError();
    const mirror = new StreamMirror(id, after, this.lineOf(scope));
    this.mirrors.set(mirror.reader, mirror);
    try {
      await this.bus.publish('stream.wanted', { stream: id, after, reader: mirror.reader, ...scope });
      const answer = await within(mirror.answered, answerMs);
      if (answer?.state === 'beyond') throw new StreamPositionError(`The stream has not told ${after} events yet.`);
      if (answer) return mirror;
    } catch (error) {
      this.mirrors.delete(mirror.reader);
      throw error;
    }
    this.mirrors.delete(mirror.reader);
    return undefined;
  }

  /** Has the process that makes the stream end it. Undefined: no process knows such a stream of the caller. @throws events.unavailable */
  async cancel(id: string, scope: StreamScope): Promise<CancelStatus | undefined> {
    if (await this.bus.isAlone()) return undefined;
    if (this.askers.size >= mostMirrors) throw new TooManyStreamsError();
    const asker = randomUUID();
    const answered = new Promise<CancelStatus>((resolve) => this.askers.set(asker, resolve));
    try {
      await this.bus.publish('stream.cancel', { stream: id, asker, ...scope });
      return await within(answered, answerMs);
    } finally {
      this.askers.delete(asker);
    }
  }

  private lineOf(scope: StreamScope): MirrorLine {
    return {
      look: (mirror, former) => {
        this.mirrors.delete(former);
        this.mirrors.set(mirror.reader, mirror);
        this.send('stream.wanted', { stream: mirror.id, after: mirror.log.last, reader: mirror.reader, ...scope });
      },
      report: ({ reader, upTo }) => this.send('stream.read', { reader, upTo, left: false }),
      leave: ({ reader, upTo, ended }) => {
        this.mirrors.delete(reader);
        if (!ended) this.send('stream.read', { reader, upTo, left: true });
      },
    };
  }

  /** Silence is the answer where there is nothing for the caller: nobody learns of a stream that is not his. */
  private lend({ stream: id, after, reader: readerId, ...scope }: ClusterEvents['stream.wanted']): void {
    const stream = this.registry.find(id, scope);
    if (!stream?.log.reachesBack(after)) return;
    if (after > stream.log.last) {
      this.send('stream.told', { reader: readerId, from: after + 1, offset: 0, entries: [], open: false, state: 'beyond' });
      return;
    }
    const reader = new RemoteReader(readerId, stream, after, (batch) => this.publish('stream.told', batch));
    this.remoteReaders.set(readerId, reader);
    void reader.done.then(() => this.remoteReaders.delete(readerId));
    stream.attach(reader);
  }

  private async cancelHere({ stream: id, asker, ...scope }: ClusterEvents['stream.cancel']): Promise<void> {
    const stream = this.registry.find(id, scope);
    if (!stream) return;
    stream.cancel();
    await stream.ending(endingMs);
    await this.publish('stream.cancelled', { asker, status: stream.cancelled ? 'cancelled' : 'finished' });
  }

  private send<E extends keyof ClusterEvents>(event: E, payload: ClusterEvents[E]): void {
    void this.publish(event, payload);
  }

  /** What does not arrive is missed over there and asked for again. */
  private async publish<E extends keyof ClusterEvents>(event: E, payload: ClusterEvents[E]): Promise<void> {
    try {
      await this.bus.publish(event, payload);
    } catch (error) {
      this.logger.warn({ err: error, event }, 'Another process could not be told of a stream');
    }
  }
}
