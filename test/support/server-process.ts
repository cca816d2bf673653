import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scratchDirectory } from './scratch.js';

const entry = fileURLToPath(new URL('../../src/main.js', import.meta.url));
/** Ends a hang; a start takes some seconds at most. */
const startMs = 240_000;

/** Whatever ends the test run ends its servers. */
const living = new Set<ChildProcess>();
process.once('exit', () => living.forEach((child) => child.kill('SIGKILL')));

/** The product as it ships: a process of its own, spoken to over HTTP. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** Key that may do everything in the tenant `default`. */
  readonly ownerKey: string;
  readonly dataDirectory: string;
  /** What it wrote to stdout and stderr so far. */
  logs(): string;
  /** SIGTERM. @returns the exit code, null when it had to be killed */
  stop(): Promise<number | null>;
  /** SIGKILL, to this process alone. */
  kill(): Promise<void>;
  /** Resolves with the exit code when it has ended. */
  readonly ended: Promise<number | null>;
}

export interface ServerProcessOptions {
  env?: Record<string, string>;
  /** Flags of Node.js. */
  flags?: readonly string[];
  /** Options of the product, as `npm start -- …` takes them. */
  args?: readonly string[];
  dataDirectory: string;
}

/** A new empty data folder; the caller removes it. */
export function makeDataDirectory(): string {
  return mkdtempSync(join(scratchDirectory(), 'ai-stack-e2e-'));
}

export function removeDataDirectory(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** Starts `dist/src/main.js` on a free port; resolves when it listens. @throws with its output when it ends instead */
export async function startProcess({ env = {}, flags = [], args = [], dataDirectory }: ServerProcessOptions): Promise<ServerProcess> {
  const child = spawn(process.execPath, [...flags, entry, ...args], { env: { ...inherited(), HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'warn', AI_STACK_DATA_DIR: dataDirectory, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  living.add(child);
  let output = '';
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      living.delete(child);
      resolve(code);
    });
  });
  const url = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`The server did not start within ${startMs} ms:\n${output}`));
    }, startMs);
    const listen = (chunk: Buffer) => {
      output += chunk.toString();
      const found = /AI Stack is ready on (\S+)/.exec(output)?.[1];
      if (found) resolve(found);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    void ended.then((code) => reject(new Error(`The server ended with ${code}:\n${output}`)));
    child.once('exit', () => clearTimeout(late));
    child.stderr.on('data', () => /is ready on/.test(output) && clearTimeout(late));
  });
  return {
    url,
    pid: child.pid ?? 0,
    ownerKey: env.AI_STACK_OWNER_KEY ?? readOwnerKey(dataDirectory),
    dataDirectory,
    ended,
    logs: () => output,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function readOwnerKey(dataDirectory: string): string {
  const path = join(dataDirectory, 'owner-key');
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
}

/** The surroundings without any variable of the product's own: a developer's settings must not reach the tests. */
function inherited(): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(([name]) => /^(PATH|HOME|USER|LOGNAME|LANG|LC_.*|TZ|TMPDIR|TEMP|TMP|SystemRoot|NODE_EXTRA_CA_CERTS)$/.test(name));
  return Object.fromEntries(kept);
}
