import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { cpuOf } from './server.js';

/** How the model answers from now on. */
export interface Orders {
  tokens: number;
  /** 0: all at once. */
  perSecond: number;
  /** The answer is not ended after its tokens, until it is told otherwise. */
  hold: boolean;
}

/** A model server (OpenAI wire form) in a process of its own. */
export class TokenModel {
  private constructor(
    private readonly child: ChildProcess,
    /** Ends in `/v1`. */
    readonly url: string,
  ) {}

  static async start(): Promise<TokenModel> {
    const child = fork(fileURLToPath(new URL('./token-model.child.js', import.meta.url)));
    const [port] = (await once(child, 'message')) as [number];
    return new TokenModel(child, `http://127.0.0.1:${port}/v1`);
  }

  async order(orders: Orders): Promise<void> {
    const taken = once(this.child, 'message');
    this.child.send(orders);
    await taken;
  }

  /** Processor time since its start, in milliseconds. */
  cpuMs(): number {
    return cpuOf(this.child.pid ?? 0);
  }

  stop(): void {
    this.child.kill();
  }
}

/** A process that only passes on, before a server. @param url of the server, ending in `/v1` */
export async function startRelay(url: string): Promise<{ url: string; stop(): void }> {
  const child = fork(fileURLToPath(new URL('./relay.child.js', import.meta.url)), [url]);
  const [port] = (await once(child, 'message')) as [number];
  return { url: `http://127.0.0.1:${port}/v1`, stop: () => void child.kill() };
}
