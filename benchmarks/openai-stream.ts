/**
 * Chat completions streamed through the server beside the same model server called directly, each in a process of its own: time to the first token,
 * one fast answer, many at once, and what an open stream holds. Both ways take turns with the same client, so that a busy machine slows both.
 */
import { cpus, loadavg } from 'node:os';
import OpenAI from 'openai';
import { setTimeout as sleep } from 'node:timers/promises';
import { isQuick } from './support/options.js';
import { makeDataFolder, removeDataFolder, startServer, type BenchServer } from './support/server.js';
import { StreamClient, type Endpoint } from './support/stream-client.js';
import { figure, median, percentile, printTable } from './support/table.js';
import { startRelay, TokenModel } from './support/token-model.js';

const rounds = isQuick ? 30 : 300;
const warmUp = isQuick ? 30 : 200;
const longRounds = isQuick ? 3 : 15;
const longTokens = 5_000;
/** As good as endless: longer than any measurement. */
const endless = 1e9;
/** The load beside which first tokens are measured, too. */
const besides = 50;
const streams = isQuick ? 50 : 500;
const perSecond = 30;
const loadSeconds = isQuick ? 3 : 15;
/** An answer of this length has been told by each stream when its memory is measured. */
const heldTokens = 1_000;
const question = 'When does the lease of the warehouse end?';

interface Timing {
  firstMs: number;
  tokensPerSecond: number;
}

interface Load {
  perSecond: number;
  latencies: number[];
  /** Processor time a token, in microseconds. */
  client: number;
  model: number;
  server: number;
  failed: number;
}

interface Setting {
  model: TokenModel;
  server: BenchServer;
  direct: Endpoint;
  through: Endpoint;
}

async function main(): Promise<void> {
  const model = await TokenModel.start();
  const folder = makeDataFolder();
  try {
    const server = await startServer(folder, { env: { LLM_BASE_URL: model.url, LLM_MODEL: 'scripted' }, watch: 'memory' });
    try {
      await server.post('/rag/ingest', { text: 'The lease of the warehouse in Hamburg ends on 31 March 2027.' });
      const setting = { model, server, direct: { url: model.url, key: 'none', model: 'scripted' }, through: { url: `${server.url}/v1`, key: server.ownerKey, model: 'ai-stack' } };
      await one(setting);
      await many(setting);
      await held(setting);
      console.log(`\nProcesses that wanted one of the ${cpus().length} cores, on average over the last five minutes: ${figure(loadavg()[1] ?? NaN)}.`);
    } finally {
      await server.stop();
    }
  } finally {
    removeDataFolder(folder);
    model.stop();
  }
}

/** First tokens, alone and beside other streams; then one answer as fast as it goes. */
async function one({ model, server, ...ways }: Setting): Promise<void> {
  const relay = await startRelay(ways.direct.url);
  const others = new StreamClient(ways.through, question);
  const endpoints = [ways.direct, { ...ways.direct, url: relay.url }, ways.through];
  const once = { tokens: 1, perSecond: 0, hold: false };
  await model.order(once);
  await takeTurns(endpoints, warmUp);
  const alone = await takeTurns(endpoints, rounds);
  await model.order({ tokens: endless, perSecond, hold: false });
  await open(others, besides);
  await model.order(once);
  const beside = await takeTurns(endpoints, rounds);
  others.close();
  await sleep(2_000);
  await model.order({ tokens: longTokens, perSecond: 0, hold: false });
  await takeTurns(endpoints, 1);
  const before = server.cpuMs();
  const long = await takeTurns(endpoints, longRounds);
  const cpu = ((server.cpuMs() - before) * 1000) / (longRounds * longTokens);
  relay.stop();
  report(alone, beside, long, cpu);
}

/** By way: directly, through a bare relay, through the server. */
type Turns = Timing[][];

async function takeTurns(endpoints: Endpoint[], times: number): Promise<Turns> {
  const clients = endpoints.map(({ url, key, model }) => ({ client: new OpenAI({ baseURL: url, apiKey: key, maxRetries: 0 }), model }));
  const timings: Turns = clients.map(() => []);
  for (let turn = 0; turn < times; turn++) {
    for (const [way, { client, model }] of clients.entries()) timings[way]?.push(await time(client, model));
  }
  return timings;
}

function report(alone: Turns, beside: Turns, long: Turns, cpu: number): void {
  const first = (name: string, turns: Turns, share: number) => {
    const [direct = NaN, relay = NaN, ours = NaN] = turns.map((timings) => percentile(timings.map(({ firstMs }) => firstMs), share));
    return [name, figure(direct), figure(relay), figure(ours), `${figure(ours - direct)} added, ${figure(relay - direct)} by any process in between`];
  };
  const [direct = NaN, relay = NaN, ours = NaN] = long.map((timings) => median(timings.map(({ tokensPerSecond }) => tokensPerSecond)));
  printTable(
    ['one answer', 'directly', 'through a bare relay', 'through the server', ''],
    [
      first('first token, p50 ms', alone, 0.5),
      first('first token, p95 ms', alone, 0.95),
      first(`the same beside ${besides} streams of ${perSecond} tokens a second, p50 ms`, beside, 0.5),
      first('p95 ms', beside, 0.95),
      [`tokens a second, of ${figure(longTokens)} at once`, figure(direct), figure(relay), figure(ours), `${figure((100 * ours) / direct)} %`],
      ['processor time of the server a token, µs', '', '', figure(cpu), ''],
    ],
  );
}

/** Tokens are counted by their length: several may come in one chunk. */
async function time(client: OpenAI, model: string): Promise<Timing> {
  const begin = performance.now();
  let firstMs = NaN;
  let length = 0;
  for await (const { choices } of await client.chat.completions.create({ model, messages: [{ role: 'user', content: question }], stream: true })) {
    const text = choices[0]?.delta.content;
    if (!text) continue;
    if (length === 0) firstMs = performance.now() - begin;
    length += text.length;
  }
  return { firstMs, tokensPerSecond: (length / 'w123456 '.length) * (1000 / (performance.now() - begin - firstMs)) };
}

async function many(setting: Setting): Promise<void> {
  const direct = await load(setting, setting.direct);
  const through = await load(setting, setting.through);
  const row = (name: string, of: (load: Load) => number, last = '') => [name, figure(of(direct)), figure(of(through)), last];
  printTable(
    [`${streams} streams at once, ${perSecond} tokens a second each`, 'directly', 'through the server', ''],
    [
      row(`tokens a second, of ${figure(streams * perSecond)} sent`, (way) => way.perSecond, `${figure((100 * through.perSecond) / direct.perSecond)} %`),
      row('from the model to the client, p50 ms', ({ latencies }) => percentile(latencies, 0.5)),
      row('p95 ms', ({ latencies }) => percentile(latencies, 0.95)),
      row('processor time a token, µs: client', ({ client }) => client),
      row('model', (way) => way.model),
      ['server', '', figure(through.server), ''],
      row('streams that failed', ({ failed }) => failed),
    ],
  );
}

async function load({ model, server }: Setting, endpoint: Endpoint): Promise<Load> {
  await model.order({ tokens: endless, perSecond, hold: false });
  const client = new StreamClient(endpoint, question);
  await open(client, streams);
  client.reset();
  const cpu = () => [process.cpuUsage().user + process.cpuUsage().system, model.cpuMs() * 1000, server.cpuMs() * 1000] as const;
  const [begin, before] = [performance.now(), cpu()];
  await sleep(loadSeconds * 1000);
  const { tokens, latencies, failed } = client;
  const seconds = (performance.now() - begin) / 1000;
  const [clientTime, modelTime, serverTime] = cpu().map((used, index) => (used - (before[index] ?? 0)) / tokens) as [number, number, number];
  client.close();
  await sleep(8_000);
  return { perSecond: tokens / seconds, latencies, client: clientTime, model: modelTime, server: serverTime, failed };
}

/** Opened a hundred a second, and all of them telling. */
async function open(client: StreamClient, count: number): Promise<void> {
  for (let opened = 0; opened < count; opened++) {
    client.open();
    await sleep(10);
  }
  await sleep(1_000);
}

async function held({ model, server, through }: Setting): Promise<void> {
  await model.order({ tokens: heldTokens, perSecond: 100, hold: true });
  const before = await server.memoryHeld();
  const client = new StreamClient(through, question);
  await open(client, streams);
  while (client.tokens < streams * heldTokens) await sleep(500);
  const after = await server.memoryHeld();
  client.close();
  const each = (of: (memory: NodeJS.MemoryUsage) => number) => figure((of(after) - of(before)) / streams / 1000);
  printTable(
    [`an open stream that has told ${figure(heldTokens)} tokens, of ${streams}`, 'kB'],
    [
      ['resident memory of the server, grown by', each(({ rss }) => rss)],
      ['heap and buffers', each(({ heapUsed, external }) => heapUsed + external)],
    ],
  );
}

await main();
