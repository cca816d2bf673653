import { setTimeout as delay } from 'node:timers/promises';
import { makeDataDirectory, removeDataDirectory } from '../support/server-process.js';
import { ageFiles, checkAfterRestart, checkAtEnd, checkFiles } from './ingest-check.js';
import { IngestLoad } from './ingest-load.js';
import { KillVictim, type KillKind } from './kill-victim.js';

export interface ChaosOptions {
  ingests: number;
  kills: number;
  clients: number;
  /** Long texts too, and waiting at the end for all that dead processes held: some 80 s more. */
  thorough: boolean;
  report?: (line: string) => void;
}

export interface ChaosResult {
  acknowledged: number;
  kills: Record<KillKind, number>;
  /** Requests that a kill left without an answer; each was sent again. */
  broken: number;
  slowestStartMs: number;
  seconds: number;
  /** Empty when nothing was lost and nothing is half there. */
  faults: string[];
}

/** Longer than a dead process keeps its documents: lease (60 s) and sweep (15 s). */
const settleMs = 100_000;
const kinds: KillKind[] = ['server', 'server and database', 'during an upload'];

/** Ingests while the server is killed at random moments, looks after each restart, and looks at everything at the end. */
export async function runIngestChaos({ ingests, kills, clients, thorough, report = () => undefined }: ChaosOptions): Promise<ChaosResult> {
  const dataDirectory = makeDataDirectory();
  const startedAt = performance.now();
  const victim = new KillVictim(dataDirectory);
  const result: ChaosResult = { acknowledged: 0, kills: { server: 0, 'server and database': 0, 'during an upload': 0 }, broken: 0, slowestStartMs: 0, seconds: 0, faults: [] };
  try {
    const load = new IngestLoad(ingests, thorough, victim.api);
    const running = load.run(clients);
    for (let kill = 0; kill < kills; kill += 1) {
      await reached(load, ((kill + Math.random()) / kills) * ingests);
      // Anywhere within a request: they take a few milliseconds each.
      await delay(Math.random() * 40);
      const kind = kinds[kill % kinds.length] ?? 'server';
      const promised = [...load.acknowledged];
      const tookMs = await victim.killAndRestart(kind);
      result.kills[kind] += 1;
      result.slowestStartMs = Math.max(result.slowestStartMs, tookMs);
      const faults = await checkAfterRestart(await victim.api(), promised);
      result.faults.push(...faults.map((fault) => `after kill ${kill + 1} (${kind}): ${fault}`));
      report(`kill ${kill + 1} of the ${kind}: ${promised.length} acknowledged, back after ${Math.round(tookMs)} ms, ${faults.length} faults`);
    }
    await running;
    result.acknowledged = load.acknowledged.length;
    result.broken = load.broken;
    report(`${result.acknowledged} acknowledged; looking at all of them`);
    result.faults.push(...(await checkAtEnd(await victim.api(), load.acknowledged, thorough ? settleMs : 0)));
    await ageFiles(dataDirectory);
    await victim.restart();
    result.faults.push(...(await checkFiles(await victim.api(), dataDirectory)));
  } finally {
    await victim.stop();
    removeDataDirectory(dataDirectory);
    result.seconds = Math.round((performance.now() - startedAt) / 1000);
  }
  return result;
}

async function reached(load: IngestLoad, count: number): Promise<void> {
  while (load.acknowledged.length < count) await delay(5);
}
