import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Api } from '../support/api.js';
import { startProcess, type ServerProcess } from '../support/server-process.js';

export type KillKind = 'server' | 'server and database' | 'during an upload';

/** A server on an embedded database that dies and comes back; callers wait while it is down. */
export class KillVictim {
  private up: Promise<ServerProcess>;

  constructor(private readonly dataDirectory: string) {
    this.up = this.start();
  }

  readonly api = async (): Promise<Api> => {
    const { url, ownerKey } = await this.up;
    return new Api(url, ownerKey);
  };

  async logs(): Promise<string> {
    return (await this.up).logs();
  }

  /** SIGKILL, with or without its database, and a new start at once. @returns how long the start took */
  async killAndRestart(kind: KillKind): Promise<number> {
    const victim = await this.up;
    if (kind === 'during an upload') await beginUpload(victim);
    const postmaster = kind === 'server and database' ? this.postmaster() : undefined;
    const died = victim.kill();
    if (postmaster !== undefined) process.kill(postmaster, 'SIGKILL');
    const startedAt = performance.now();
    this.up = died.then(() => this.start());
    await this.up;
    return performance.now() - startedAt;
  }

  async restart(): Promise<void> {
    const stopping = await this.up;
    await stopping.stop();
    this.up = this.start();
    await this.up;
  }

  async stop(): Promise<number | null> {
    return (await this.up).stop();
  }

  private start(): Promise<ServerProcess> {
    return startProcess({ dataDirectory: this.dataDirectory, env: { LOG_LEVEL: 'error', RATE_LIMIT_PER_MINUTE: '0' } });
  }

  /** The embedded server's own process; its children end by themselves when it is gone. */
  private postmaster(): number {
    return Number(readFileSync(join(this.dataDirectory, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
  }
}

/** Sends the first half of a multipart upload and leaves it there. */
function beginUpload({ url, ownerKey }: ServerProcess): Promise<void> {
  const { hostname, port } = new URL(url);
  const part = '--cut\r\nContent-Disposition: form-data; name="files"; filename="half.txt"\r\nContent-Type: text/plain\r\n\r\n';
  const head = `POST /rag/documents HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${ownerKey}\r\nContent-Type: multipart/form-data; boundary=cut\r\nContent-Length: 1000000\r\n\r\n`;
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(head + part + 'half a file '.repeat(2_000), () => setTimeout(resolve, 50)));
    socket.on('error', () => resolve());
  });
}
