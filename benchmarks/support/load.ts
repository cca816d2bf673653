import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon, { type Sent } from 'autocannon';
import { percentile } from './table.js';

export interface Target {
  url: string;
  key: string;
}

export interface LoadResult {
  requests: number;
  perSecond: number;
  p50: number;
  p95: number;
  failed: number;
  /** Why, when something failed. */
  why?: string;
}

const searchPath = (question: string): string => `/rag/search?query=${encodeURIComponent(question)}`;

function get(target: Target, agent: Agent, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const sent = request(target.url + path, { agent, headers: { authorization: `Bearer ${target.key}` } }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode === 200));
    });
    sent.once('error', () => resolve(false));
    sent.end();
  });
}

/**
 * Searches at a constant rate, whether or not earlier ones were answered; latency counts from when a request was due, so that a
 * server that stalls cannot hide it. Each question is asked once.
 */
export async function atConstantRate(target: Target, questions: readonly string[], perSecond: number): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  const latencies: number[] = [];
  const under: Promise<void>[] = [];
  let failed = 0;
  const begin = performance.now();
  for (const [number, question] of questions.entries()) {
    const due = begin + (number * 1000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await sleep(wait);
    under.push(
      get(target, agent, searchPath(question)).then((done) => {
        latencies.push(performance.now() - due);
        if (!done) failed++;
      }),
    );
  }
  await Promise.all(under);
  const seconds = (performance.now() - begin) / 1000;
  agent.destroy();
  return { requests: questions.length, perSecond: questions.length / seconds, p50: percentile(latencies, 0.5), p95: percentile(latencies, 0.95), failed };
}

/** As many requests as the server answers, over some connections (autocannon). With `once` it ends when every path was asked once. */
export async function asFastAsPossible(target: Target, paths: readonly string[], { connections = 8, seconds = 10, once = false } = {}): Promise<LoadResult> {
  const latencies: number[] = [];
  const instance = autocannon({
    url: target.url,
    connections,
    ...(once ? { amount: paths.length } : { duration: seconds }),
    requests: nextOf(paths, target.key),
  });
  const refused = new Map<number, number>();
  const begin = performance.now();
  let last = begin;
  void instance.on('response', (_client, status, _bytes, milliseconds) => {
    // It reports its end at full seconds only.
    last = performance.now();
    latencies.push(milliseconds);
    if (status !== 200) refused.set(status, (refused.get(status) ?? 0) + 1);
  });
  const result = await instance;
  const took = (last - begin) / 1000;
  return { requests: latencies.length, perSecond: latencies.length / took, p50: percentile(latencies, 0.5), p95: percentile(latencies, 0.95), failed: result.non2xx + result.errors, why: `${JSON.stringify([...refused])} ${result.errors} errors` };
}

/** One request that takes the next path each time it is sent, over all connections. */
function nextOf(paths: readonly string[], key: string): Sent[] {
  let next = 0;
  return [
    {
      method: 'GET',
      headers: { authorization: `Bearer ${key}` },
      setupRequest: (sent) => ({ ...sent, path: paths[next++ % paths.length] ?? '/' }),
    },
  ];
}

export const searchPaths = (questions: readonly string[]): string[] => questions.map(searchPath);
