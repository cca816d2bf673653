/**
 * Chat completions streamed through the server beside the same model server called directly: time to the first token, and tokens a second.
 * Both ways take turns with the same client, so that a busy machine slows both.
 */
import OpenAI from 'openai';
import { startWireServer, type WireServer } from '../test/support/wire-server.js';
import { isQuick } from './support/options.js';
import { makeDataFolder, removeDataFolder, startServer } from './support/server.js';
import { figure, median, percentile, printTable } from './support/table.js';

const rounds = isQuick ? 30 : 300;
const warmUp = 30;
const longRounds = isQuick ? 3 : 15;
const longTokens = 5_000;
const question = 'When does the lease of the warehouse end?';

interface Timing {
  firstMs: number;
  tokensPerSecond: number;
}

async function main(): Promise<void> {
  let tokens = 1;
  const upstream = await startModel(() => tokens);
  const folder = makeDataFolder();
  try {
    const server = await startServer(folder, { env: { LLM_BASE_URL: upstream.url, LLM_MODEL: 'scripted' } });
    try {
      await server.post('/rag/ingest', { text: 'The lease of the warehouse in Hamburg ends on 31 March 2027.' });
      const direct = new OpenAI({ baseURL: upstream.url, apiKey: 'none', maxRetries: 0 });
      const through = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: server.ownerKey, maxRetries: 0 });
      await takeTurns(direct, through, warmUp);
      const first = await takeTurns(direct, through, rounds);
      tokens = longTokens;
      await takeTurns(direct, through, 1);
      const before = server.cpuMs();
      const long = await takeTurns(direct, through, longRounds);
      report(first, long, ((server.cpuMs() - before) * 1000) / (longRounds * longTokens));
    } finally {
      await server.stop();
    }
  } finally {
    removeDataFolder(folder);
    await upstream.stop();
  }
}

/** A model that answers at once, a word a chunk. */
function startModel(tokens: () => number): Promise<WireServer> {
  const chunk = (choice: object) => `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'scripted', choices: [{ index: 0, finish_reason: null, ...choice }] })}\n\n`;
  const word = chunk({ delta: { content: 'lease ' } });
  const end = `${chunk({ delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`;
  return startWireServer((_path, _body, _request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (let sent = 0; sent < tokens(); sent++) response.write(word);
    response.end(end);
    return Promise.resolve();
  });
}

async function takeTurns(direct: OpenAI, through: OpenAI, times: number): Promise<{ direct: Timing[]; through: Timing[] }> {
  const timings = { direct: [] as Timing[], through: [] as Timing[] };
  for (let turn = 0; turn < times; turn++) {
    timings.direct.push(await time(direct, 'scripted'));
    timings.through.push(await time(through, 'ai-stack'));
  }
  return timings;
}

async function time(client: OpenAI, model: string): Promise<Timing> {
  const begin = performance.now();
  let firstMs = NaN;
  let count = 0;
  for await (const { choices } of await client.chat.completions.create({ model, messages: [{ role: 'user', content: question }], stream: true })) {
    if (!choices[0]?.delta.content) continue;
    if (count === 0) firstMs = performance.now() - begin;
    count += 1;
  }
  return { firstMs, tokensPerSecond: (count * 1000) / (performance.now() - begin - firstMs) };
}

function report(short: { direct: Timing[]; through: Timing[] }, long: { direct: Timing[]; through: Timing[] }, cpuMicroseconds: number): void {
  const firsts = (timings: Timing[], share: number) => percentile(timings.map(({ firstMs }) => firstMs), share);
  const added = (share: number) => firsts(short.through, share) - firsts(short.direct, share);
  const rates = (timings: Timing[]) => median(timings.map(({ tokensPerSecond }) => tokensPerSecond));
  printTable(
    ['', 'directly', 'through the server', ''],
    [
      ['first token, p50 ms', figure(firsts(short.direct, 0.5)), figure(firsts(short.through, 0.5)), `${figure(added(0.5))} added`],
      ['first token, p95 ms', figure(firsts(short.direct, 0.95)), figure(firsts(short.through, 0.95)), `${figure(added(0.95))} added`],
      [`tokens a second, of ${figure(longTokens)}`, figure(rates(long.direct)), figure(rates(long.through)), `${figure((100 * rates(long.through)) / rates(long.direct))} %`],
      ['processor time of the server a token, µs', '', figure(cpuMicroseconds), ''],
    ],
  );
}

await main();
