import { type BeforeApplicationShutdown, Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { invalidKey } from '../security/access.guard.js';
import type { Identity } from '../security/identity.js';
import { KeyWatch } from '../security/key-watch.js';
import { requirePrincipal } from '../tenancy/tenant-context.js';
import { heartbeatMs, HttpReader } from './http.reader.js';
import { OpenStream, type StreamScope } from './open-stream.js';
import { StreamExchange, type CancelStatus } from './stream-exchange.js';
import type { StreamForm } from './stream-form.js';
import { StreamRegistry } from './stream-registry.js';
import { within } from './within.js';
import { StreamNotFoundError, StreamPositionError } from './streams.errors.js';

const tickMs = 1_000;
/** So long an answer that is cancelled or left may take to be put away. */
const endingMs = 2_000;
const position = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(\d{1,9})$/;

/** An answer that is told while it is made. */
export interface Telling<E> {
  /** Name of the door: what was begun at one is not read at another. */
  door: string;
  /** @param id of the stream */
  form: (id: string) => StreamForm<E>;
  /** @param signal aborted when the work should end; what was said is then still told, to be kept */
  events: (signal: AbortSignal) => AsyncIterable<E>;
}

/** Answers as server-sent events that can be taken up again and stopped, on any process; ended with the key in whose name they were asked for. */
@Injectable()
export class StreamsService implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger(StreamsService.name);
  private timer: NodeJS.Timeout | undefined;
  private draining = false;

  constructor(
    private readonly registry: StreamRegistry,
    private readonly exchange: StreamExchange,
    private readonly keys: KeyWatch,
    @Inject(ENV) private readonly env: Env,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      const now = performance.now();
      this.registry.tick(now);
      this.exchange.tick(now);
    }, tickMs).unref();
  }

  /**
   * Nobody can come back to this process any more. Clients that are connected to another one get the end of their stream now, while everything still works;
   * for those that are connected here the server waits when it closes.
   */
  async beforeApplicationShutdown(): Promise<void> {
    this.draining = true;
    const orphans = [...this.registry.open].filter((stream) => stream.orphaned);
    for (const stream of orphans) stream.abandon();
    await Promise.all(orphans.map((stream) => stream.ending(endingMs)));
    await within(this.exchange.told(), (this.env.SHUTDOWN_TIMEOUT_SECONDS * 1_000) / 2);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /**
   * Sends the events, or, when the request has a `Last-Event-ID`, what follows it in the stream that it names. Resolves when it has begun: what a request holds while its handler runs is not needed any more.
   * What fails before the first event is thrown and becomes an ordinary error response, unless it takes longer than a heartbeat: then, as after it, it is told in the stream.
   * @throws StreamNotFoundError, StreamPositionError, TooManyStreamsError, and whatever the events throw
   */
  async serve<E>(reply: FastifyReply, telling: Telling<E>): Promise<void> {
    const last = reply.request.headers['last-event-id'];
    if (typeof last === 'string' && last !== '') await this.resume(reply, telling.door, last);
    else await this.begin(reply, telling);
  }

  /** Ends the caller's stream wherever it is made; what was said is kept. @throws StreamNotFoundError */
  async cancel(door: string, id: string): Promise<CancelStatus> {
    const scope = scopeOf(door);
    const stream = this.registry.find(id, scope);
    if (!stream) {
      const status = await this.exchange.cancel(id, scope);
      if (!status) throw new StreamNotFoundError();
      return status;
    }
    stream.cancel();
    await stream.ending(endingMs);
    return stream.cancelled ? 'cancelled' : 'finished';
  }

  private async begin<E>(reply: FastifyReply, { door, form, events }: Telling<E>): Promise<void> {
    const id = uuidv7();
    const wire = form(id);
    const stream = new OpenStream(id, wire.templates, {
      scope: scopeOf(door),
      graceMs: () => (this.draining ? 0 : this.env.STREAM_RESUME_SECONDS * 1_000),
      abandoned: () => this.registry.remove(id),
      failed: ({ unexpected }, error) => unexpected && this.logger.error({ err: error, request_id: reply.request.id }, 'A stream broke off'),
    });
    this.registry.add(stream);
    const leave = () => stream.abandon();
    // Of the response: the request is closed already when its body has been read. Who leaves before the first event cannot come back.
    reply.raw.once('close', leave);
    const forget = this.endWithKey(stream, reply.request.identity);
    void stream.run(events(stream.signal), wire, reply.request.id).then(() => {
      forget?.();
      this.registry.end(stream);
    });
    try {
      await stream.beginning(heartbeatMs);
    } catch (error) {
      this.registry.remove(id);
      throw error;
    } finally {
      reply.raw.off('close', leave);
    }
    stream.attach(new HttpReader(reply, stream, 0));
  }

  /** A token that comes to its end by itself was good when it was asked: what was begun with it is told. */
  private endWithKey(stream: OpenStream, identity: Identity | undefined): (() => void) | undefined {
    return identity && this.keys.watch({ ...identity, expiresAt: undefined }, () => stream.refuse(invalidKey()));
  }

  private async resume(reply: FastifyReply, door: string, last: string): Promise<void> {
    const [, id, number] = position.exec(last) ?? [];
    if (id === undefined) throw new StreamPositionError('This is not an id of one of our events: send the `id:` of the last one that you have.');
    const after = Number(number);
    const scope = scopeOf(door);
    const own = this.registry.find(id, scope);
    if (own && after > own.log.last) throw new StreamPositionError(`The stream has not told ${after} events yet.`);
    if (own && !own.log.reachesBack(after)) throw new StreamNotFoundError();
    const source = own ?? (await this.exchange.borrow(id, after, scope));
    if (!source) throw new StreamNotFoundError();
    source.attach(new HttpReader(reply, source, after));
  }
}

function scopeOf(door: string): StreamScope {
  const { id, tenantId } = requirePrincipal();
  return { door, tenantId, principalId: id };
}
