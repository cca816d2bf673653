import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProcess, type ServerProcess } from '../../test/support/server-process.js';

const preloads = { turns: new URL('./event-loop.preload.js', import.meta.url).href, memory: new URL('./memory.preload.js', import.meta.url).href };

/** Resident memory in MB: its own, and pages of mapped files, which the kernel can drop at any time. */
export interface Memory {
  own: number;
  mapped: number;
}

export interface Delay {
  max: number;
  p99: number;
  /** Processor time of its longest turn: what blocks it however busy the machine is. */
  turn: number;
}

/** The product as it ships, with its embedded database, as a process of its own. */
export interface BenchServer extends ServerProcess {
  /** From the start of the process until it listens, in milliseconds. */
  readonly startedInMs: number;
  /** RssAnon + RssShmem and RssFile of the API process alone. Linux only. */
  memory(): Memory;
  /** Processor time that the API process used since its start, all threads, in milliseconds. */
  cpuMs(): number;
  /** How long its main thread was ready to run while other processes had the cores, since its start, in milliseconds. */
  waitedMs(): number;
  /** How late its event loop was since the last call, in milliseconds; only when `turns` are watched. */
  eventLoopDelay(): Promise<Delay>;
  /** What it holds after a garbage collection, in bytes; only when `memory` is watched. */
  memoryHeld(): Promise<NodeJS.MemoryUsage>;
  /** @throws unless it answers with success */
  post<T>(path: string, body: object): Promise<T>;
  get<T>(path: string): Promise<T>;
}

/** A data folder on the disk; what a killed benchmark leaves is in the system's temporary directory. */
export function makeDataFolder(): string {
  return mkdtempSync(join(tmpdir(), 'ai-stack-bench-'));
}

export function removeDataFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** The environment and the flags that `npm start` gives. */
function startCommand(): { env: Record<string, string>; flags: string[] } {
  const { scripts } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { scripts: { start: string } };
  const words = scripts.start.split(' ');
  const variables = words.filter((word) => /^[A-Z_]+=/.test(word)).map((word) => word.split('=', 2));
  return { env: Object.fromEntries(variables) as Record<string, string>, flags: words.filter((word) => word.startsWith('--')) };
}

/** Without a rate limit; everything else is as a user gets it. */
export async function startServer(dataDirectory: string, { env = {}, watch }: { env?: Record<string, string>; watch?: keyof typeof preloads } = {}): Promise<BenchServer> {
  const reportFile = join(dataDirectory, 'report.json');
  const command = startCommand();
  const begin = performance.now();
  const server = await startProcess({
    dataDirectory,
    flags: [...command.flags, ...(watch ? [`--import=${preloads[watch]}`] : [])],
    env: { ...command.env, RATE_LIMIT_PER_MINUTE: '0', BENCH_EVENT_LOOP_FILE: reportFile, BENCH_MEMORY_FILE: reportFile, ...env },
  });
  const startedInMs = performance.now() - begin;
  const call = async <T>(path: string, init: RequestInit = {}): Promise<T> => {
    const response = await fetch(server.url + path, { ...init, headers: { authorization: `Bearer ${server.ownerKey}`, 'content-type': 'application/json' } });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text.slice(0, 500)}\n${server.logs().slice(-2000)}`);
    return JSON.parse(text) as T;
  };
  return {
    ...server,
    startedInMs,
    memory: () => memoryOf(server.pid),
    cpuMs: () => cpuOf(server.pid),
    waitedMs: () => Number(readFileSync(`/proc/${server.pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6,
    eventLoopDelay: () => readReport<Delay>(server.pid, reportFile),
    memoryHeld: () => readReport<NodeJS.MemoryUsage>(server.pid, reportFile),
    post: (path, body) => call(path, { method: 'POST', body: JSON.stringify(body) }),
    get: (path) => call(path),
  };
}

function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? NaN) / 1024;
  return { own: megabytes('RssAnon') + megabytes('RssShmem'), mapped: megabytes('RssFile') };
}

/** Processor time of a process, in milliseconds. The kernel counts in hundredths of a second. */
export function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function readReport<T>(pid: number, file: string): Promise<T> {
  rmSync(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  for (let tries = 0; tries < 200; tries++) {
    await sleep(20);
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as T;
  }
  throw new Error('The server did not report');
}
