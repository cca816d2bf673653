import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from '../../src/platform/database/embedded/server.js';
import { scratchDirectory } from './scratch.js';

const childScript = fileURLToPath(new URL('./embedded-postgres.child.js', import.meta.url));

/** What a child process says about its start (a url or a code) and about its stop (an outcome). */
export interface Report {
  adopted: boolean;
  pid: number;
  url: string;
  code?: string;
  message?: string;
  outcome?: string;
}

/** A child process that has started the server; `next()` waits for its next report. */
export interface ServerChild {
  child: ChildProcess;
  report: Report;
  next(): Promise<Report>;
}

/** A directory for the servers of one test, and an end for all of them, whoever left them. */
export class EmbeddedServers {
  /** Every account may pass through it. */
  readonly base = mkdtempSync(join(scratchDirectory(), 'ai-stack-embedded-'));
  /** Where a server lies unless the test says otherwise. */
  readonly directory = join(this.base, 'db');
  /** Processes to kill at the end. */
  readonly children: ChildProcess[] = [];
  private readonly servers: EmbeddedPostgres[] = [];

  constructor() {
    chmodSync(this.base, 0o755);
  }

  async start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
    const server = await startEmbeddedPostgres({ directory: this.directory, ...options });
    this.servers.push(server);
    return server;
  }

  async startInChild(identity: { uid?: number; gid?: number } = {}, directory = this.directory): Promise<ServerChild> {
    const child = spawn(process.execPath, [childScript, directory], { stdio: ['ignore', 'pipe', 'inherit'], ...identity });
    this.children.push(child);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async (): Promise<Report> => JSON.parse(String((await lines.next()).value)) as Report;
    return { child, report: await next(), next };
  }

  async end(): Promise<void> {
    for (const child of this.children) child.kill('SIGKILL');
    for (const name of readdirSync(this.base)) {
      const directory = join(this.base, name);
      // Adopting and stopping ends a server that has no user any more.
      if (existsSync(join(directory, 'data', 'postmaster.pid'))) await this.start({ directory }).catch(() => undefined);
    }
    await Promise.all(this.servers.map((server) => server.stop()));
    rmSync(this.base, { recursive: true, force: true });
  }
}

/** Runs one statement on a connection of its own. */
export async function query<T extends pg.QueryResultRow>(target: { url: string }, statement: string): Promise<T[]> {
  const client = new pg.Client(target.url);
  await client.connect();
  try {
    return (await client.query<T>(statement)).rows;
  } finally {
    await client.end();
  }
}
