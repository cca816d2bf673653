import { Worker } from 'node:worker_threads';
import type { ReplicaOptions } from '#libs/index-replica';
import type { CallName, Calls, News, Reply, SentError } from './thread-messages.js';
import { ThreadReplica } from './thread-replica.js';
import { ReplicaLostError, ThreadBusyError } from './thread-errors.js';

/** Calls that wait for their answer: some seconds of the thread's work. Above it searches are refused; changes come one at a time a replica. */
const MOST_WAITING = 1_000;
/** Of them for one replica: its searches are refused before those of others are. */
const MOST_WAITING_OF_ONE = 500;

interface Waiting {
  replica: number;
  resolve: (answer: never) => void;
  reject: (error: Error) => void;
}

/**
 * Keeps index replicas in a thread of their own, so that ranking neither blocks the event loop nor waits for it. The thread starts with the first
 * replica. Should it die, all that is asked of its replicas fails with {@link ReplicaLostError}; the next `open` starts another.
 */
export class IndexThread {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private readonly replicas = new Map<number, ThreadReplica>();
  private lastId = 0;

  /** Like `IndexReplica.open`. */
  async open({ onError, ...options }: ReplicaOptions): Promise<ThreadReplica> {
    const id = ++this.lastId;
    const call = <N extends CallName>(name: N, given: Calls[N]['arguments'], moved: ArrayBuffer[] = []) => this.call(id, name, given, moved);
    this.worker ??= this.start();
    const opened = call('open', [options]);
    const replica = new ThreadReplica(call, options.dimensions, onError, () => this.replicas.delete(id));
    this.replicas.set(id, replica);
    try {
      replica.stands(await opened);
      return replica;
    } catch (error) {
      this.replicas.delete(id);
      throw error;
    }
  }

  /** Ends the thread; its replicas are to be closed before, or what they had in memory is left to the log. */
  async close(): Promise<void> {
    await this.worker?.terminate();
  }

  private start(): Worker {
    const worker = new Worker(new URL('./index-thread.worker.js', import.meta.url), { name: 'index' });
    let cause: unknown;
    // Alone it keeps no process alive, but what is asked of it does.
    worker.unref();
    worker.on('message', (message: Reply | News) => ('id' in message ? this.take(message) : this.hear(message)));
    worker.on('error', (error) => (cause = error));
    worker.on('exit', () => {
      this.worker = undefined;
      this.lose(cause);
    });
    return worker;
  }

  private call<N extends CallName>(replica: number, name: N, given: Calls[N]['arguments'], moved: ArrayBuffer[]): Promise<Calls[N]['answer']> {
    const { worker } = this;
    if (!worker) return Promise.reject(new ReplicaLostError());
    if (name !== 'open' && !this.replicas.has(replica)) return Promise.reject(new Error('The index replica is closed.'));
    if (name === 'search' && this.isBusy(replica)) return Promise.reject(new ThreadBusyError());
    return new Promise((resolve, reject) => {
      const id = ++this.lastId;
      worker.postMessage({ id, replica, name, arguments: given }, moved);
      if (this.waiting.size === 0) worker.ref();
      this.waiting.set(id, { replica, resolve, reject });
    });
  }

  private isBusy(replica: number): boolean {
    if (this.waiting.size < MOST_WAITING_OF_ONE) return false;
    if (this.waiting.size >= MOST_WAITING) return true;
    let own = 0;
    for (const waiting of this.waiting.values()) if (waiting.replica === replica) own += 1;
    return own >= MOST_WAITING_OF_ONE;
  }

  private take(reply: Reply): void {
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (this.waiting.size === 0) this.worker?.unref();
    if ('error' in reply) waiting?.reject(received(reply.error));
    else waiting?.resolve(reply.answer as never);
  }

  private hear(news: News): void {
    const replica = this.replicas.get(news.replica);
    if ('error' in news) replica?.tell(received(news.error));
    else replica?.stands(news.condition);
  }

  private lose(cause: unknown): void {
    for (const replica of this.replicas.values()) replica.lose();
    const lost = [...this.waiting.values()];
    this.waiting.clear();
    this.replicas.clear();
    for (const { reject } of lost) reject(new ReplicaLostError(cause));
  }
}

function received({ name, message, stack }: SentError): Error {
  return Object.assign(new Error(message), { name, ...(stack !== undefined && { stack }) });
}
