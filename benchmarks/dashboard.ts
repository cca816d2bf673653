/**
 * Live figures over WebSockets: what the server pays for one listener and for 500 of one tenant, and whether one that does not read disturbs the others.
 * Listeners only note when a frame came; they share the machine with the server.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { isQuick } from './support/options.js';
import { makeDataFolder, removeDataFolder, startServer, type BenchServer } from './support/server.js';
import { figure, percentile, printTable } from './support/table.js';

const listeners = 500;
/** As many as one key may open. */
const perKey = 20;
const seconds = isQuick ? 4 : 30;

class Listener {
  readonly arrivals: number[] = [];
  bytes = 0;
  last = '';

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.arrivals.push(performance.now());
      this.bytes = data.length;
      this.last = data.toString('utf8', 0, 60);
    });
  }

  static async open(url: string, key: string): Promise<Listener> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws/dashboard`, { headers: { authorization: `Bearer ${key}` } });
    const listener = new Listener(socket);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return listener;
  }

  /** Milliseconds between frames that came since then. */
  gaps(since: number): number[] {
    const times = this.arrivals.filter((at) => at >= since);
    return times.slice(1).map((at, place) => at - (times[place] as number));
  }
}

interface Phase {
  cpuMsPerSecond: number;
  turnMs: number;
  delayMs: number;
  memory: number;
  gaps: number[];
}

async function main(): Promise<void> {
  const folder = makeDataFolder();
  const server = await startServer(folder, { watch: 'turns' });
  try {
    for (let n = 0; n < 300; n++) await server.get('/auth/me');
    const open: Listener[] = [];
    const idle = await measure(server, open);
    await add(server, open, 1);
    const one = await measure(server, open);
    await add(server, open, listeners - 1);
    const many = await measure(server, open);
    report(idle, one, many, open[0]?.bytes ?? 0);
    await reportDeaf(server, open);
  } finally {
    await server.stop();
    removeDataFolder(folder);
  }
}

async function add(server: BenchServer, open: Listener[], count: number): Promise<void> {
  for (let left = count; left > 0; left -= perKey) {
    const { key } = await server.post<{ key: string }>('/api-keys', { name: 'listener', permissions: ['dashboard:read'] });
    open.push(...(await Promise.all(Array.from({ length: Math.min(left, perKey) }, () => Listener.open(server.url, key)))));
  }
}

async function measure(server: BenchServer, open: Listener[]): Promise<Phase> {
  await sleep(3_000);
  await server.eventLoopDelay();
  const [begin, cpu] = [performance.now(), server.cpuMs()];
  await sleep(seconds * 1_000);
  const cpuMsPerSecond = ((server.cpuMs() - cpu) * 1_000) / (performance.now() - begin);
  const { turn, max } = await server.eventLoopDelay();
  return { cpuMsPerSecond, turnMs: turn, delayMs: max, memory: server.memory().own, gaps: open.flatMap((listener) => listener.gaps(begin)) };
}

function report(idle: Phase, one: Phase, many: Phase, bytes: number): void {
  const row = (name: string, pick: (phase: Phase) => number) => [name, ...[idle, one, many].map((phase) => figure(pick(phase)))];
  printTable(
    ['', 'no listener', 'one', `${listeners}`],
    [
      row('processor time, ms a second', ({ cpuMsPerSecond }) => cpuMsPerSecond),
      row('longest turn of the event loop, ms', ({ turnMs }) => turnMs),
      row('longest delay of the event loop, ms', ({ delayMs }) => delayMs),
      row('memory, MB', ({ memory }) => memory),
      ['between frames, p99 ms', '', ...[one, many].map(({ gaps }) => figure(percentile(gaps, 0.99)))],
      ['between frames, longest ms', '', ...[one, many].map(({ gaps }) => figure(Math.max(...gaps)))],
    ],
  );
  const extra = (many.cpuMsPerSecond - one.cpuMsPerSecond) / (listeners - 1);
  const memory = ((many.memory - one.memory) * 1024) / (listeners - 1);
  console.log(`\nA frame has ${figure(bytes / 1_000)} kB. One more listener costs ${figure(extra * 1_000)} µs of processor time a frame and ${figure(memory)} kB of memory.`);
}

/** One of the listeners leaves its connection unread. */
async function reportDeaf(server: BenchServer, [deaf, ...others]: Listener[]): Promise<void> {
  if (!deaf) return;
  deaf.socket.pause();
  const [begin, before, memory] = [performance.now(), deaf.arrivals.length, server.memory().own];
  await sleep(seconds * 1_000);
  const longest = Math.max(...others.flatMap((listener) => listener.gaps(begin)));
  const grown = server.memory().own - memory;
  deaf.socket.resume();
  await sleep(500);
  const got = deaf.arrivals.length - before;
  const age = (Date.now() - Date.parse(/"timestamp":"([^"]+)"/.exec(deaf.last)?.[1] ?? '')) / 1_000;
  console.log(
    `\nOne of them did not read for ${seconds} s: the others' longest wait was ${figure(longest)} ms and the server's memory changed by ${figure(grown)} MB. ` +
      `When it read again it was sent ${got} frames, the last of them ${figure(age)} s old.`,
  );
}

await main();
