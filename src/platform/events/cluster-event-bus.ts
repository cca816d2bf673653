import { OnApplicationShutdown, Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, DatabaseError, type QueryResultRow } from 'pg';
import { AppError, type ClusterEvents } from '#libs/contracts';
import { DatabaseConfig } from '../database/database.config.js';

const channel = 'ai_stack';
const applicationName = 'ai-stack events';
const firstRetryMs = 100;
const longestRetryMs = 5_000;
/** Longest wait for the database, to connect as well as to answer. */
const answerMs = 5_000;
/** So often the connection has to show that it is alive: a network that silently drops an idle one tells nobody. */
const beatMs = 15_000;

/** SQL that sends an event when the surrounding transaction commits, and never if it rolls back. */
export const notifySql = `SELECT pg_notify('${channel}', $1)`;

export function notification<E extends keyof ClusterEvents>(event: E, payload: ClusterEvents[E]): string {
  return JSON.stringify({ event, payload });
}

/**
 * Events between all processes on one database, over LISTEN/NOTIFY on a connection of its own.
 * Nothing is queued while that connection is down: listeners of `reconnected` catch up from the tables.
 */
@Injectable()
export class ClusterEventBus implements OnModuleInit, OnApplicationShutdown {
  private readonly emitter = new EventEmitter();
  private readonly logger = new Logger(ClusterEventBus.name);
  private client: Client | undefined;
  private beat: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly config: DatabaseConfig) {
    this.emitter.setMaxListeners(100);
  }

  get connected(): boolean {
    return this.client !== undefined;
  }

  async onModuleInit(): Promise<void> {
    await this.connect();
    this.beat = setInterval(() => void this.prove(), beatMs).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    clearInterval(this.beat);
    // First: a server that does not answer would not say goodbye either.
    await this.prove();
    await this.client?.end();
  }

  on<E extends keyof ClusterEvents>(event: E, listener: (payload: ClusterEvents[E]) => void): void {
    this.emitter.on(event, listener);
  }

  /** Tells all processes, for what belongs to no transaction; in the order of the calls. @throws events.unavailable when the connection is down, within seconds */
  async publish<E extends keyof ClusterEvents>(event: E, payload: ClusterEvents[E]): Promise<void> {
    await this.query(notifySql, [notification(event, payload)]);
  }

  /** True when surely no other process listens. @throws events.unavailable */
  async isAlone(): Promise<boolean> {
    const [found] = await this.query<{ listeners: number }>(`SELECT count(*)::int AS listeners FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()`, [applicationName]);
    // Other processes' names are hidden from a role without rights: then it cannot be known.
    return found?.listeners === 1;
  }

  /** Called after the connection was lost and is back: anything may have been missed. */
  onReconnected(listener: () => void): void {
    this.emitter.on('reconnected', listener);
  }

  /** A connection that does not answer is given up, so that a new one is made and listeners catch up. */
  private async query<Row extends QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    const client = this.client;
    if (!client) throw unavailable();
    try {
      return (await client.query<Row>(text, values)).rows;
    } catch (error) {
      if (error instanceof DatabaseError) throw error;
      this.logger.warn({ err: error }, 'The event connection does not answer and is given up');
      await client.end();
      throw unavailable(error);
    }
  }

  private async prove(): Promise<void> {
    if (this.client) await this.query('SELECT 1').catch((error: unknown) => this.logger.debug({ err: error }, 'The event connection was not alive'));
  }

  private async connect(): Promise<void> {
    const client = new Client({ connectionString: this.config.url, application_name: applicationName, keepAlive: true, connectionTimeoutMillis: answerMs, query_timeout: answerMs });
    client.on('notification', ({ payload }) => this.receive(payload ?? ''));
    client.on('error', (error) => this.logger.warn({ err: error }, 'The event connection broke'));
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    // Only now: an attempt that fails emits 'end' too, and must not start a second loop of attempts.
    client.once('end', () => this.lost());
    this.client = client;
  }

  private lost(): void {
    this.client = undefined;
    if (!this.closed) void this.reconnect();
  }

  private async reconnect(): Promise<void> {
    for (let wait = firstRetryMs; !this.closed; wait = Math.min(wait * 2, longestRetryMs)) {
      await delay(wait, undefined, { ref: false });
      try {
        await this.connect();
        this.emitter.emit('reconnected');
        return;
      } catch (error) {
        this.logger.warn({ err: error, next_try_ms: Math.min(wait * 2, longestRetryMs) }, 'The event connection is still down');
      }
    }
  }

  private receive(text: string): void {
    try {
      const { event, payload } = JSON.parse(text) as { event: string; payload: unknown };
      this.emitter.emit(event, payload);
    } catch (error) {
      this.logger.error({ err: error, text: text.slice(0, 200) }, 'An event could not be handled');
    }
  }
}

function unavailable(cause?: unknown): AppError {
  return new AppError('events.unavailable', 'unavailable', 'The processes of this installation cannot reach each other at the moment. Try again in a moment.', { retryAfterSeconds: 2, cause });
}
