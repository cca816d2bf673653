import { OnApplicationShutdown, Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { AppError, type ClusterEvents } from '#libs/contracts';
import { DatabaseConfig } from '../database/database.config.js';

const channel = 'ai_stack';
const applicationName = 'ai-stack events';
const firstRetryMs = 100;
const longestRetryMs = 5_000;

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
  private closed = false;

  constructor(private readonly config: DatabaseConfig) {
    this.emitter.setMaxListeners(100);
  }

  get connected(): boolean {
    return this.client !== undefined;
  }

  async onModuleInit(): Promise<void> {
    await this.connect();
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    await this.client?.end();
  }

  on<E extends keyof ClusterEvents>(event: E, listener: (payload: ClusterEvents[E]) => void): void {
    this.emitter.on(event, listener);
  }

  /** Tells all processes, for what belongs to no transaction; in the order of the calls. @throws when the connection is down */
  async publish<E extends keyof ClusterEvents>(event: E, payload: ClusterEvents[E]): Promise<void> {
    if (!this.client) throw new AppError('events.unavailable', 'unavailable', 'The processes of this installation cannot reach each other at the moment. Try again in a moment.', { retryAfterSeconds: 2 });
    await this.client.query(notifySql, [notification(event, payload)]);
  }

  /** True when surely no other process listens. */
  async isAlone(): Promise<boolean> {
    const found = await this.client?.query<{ listeners: number }>(`SELECT count(*)::int AS listeners FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()`, [applicationName]);
    // Other processes' names are hidden from a role without rights: then it cannot be known.
    return found?.rows[0]?.listeners === 1;
  }

  /** Called after the connection was lost and is back: anything may have been missed. */
  onReconnected(listener: () => void): void {
    this.emitter.on('reconnected', listener);
  }

  private async connect(): Promise<void> {
    const client = new Client({ connectionString: this.config.url, application_name: applicationName, keepAlive: true, connectionTimeoutMillis: 5_000 });
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
