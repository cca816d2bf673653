/**
 * A model server in a process of its own, so that its work is not the client's: answers as fast as the orders of its parent say, a token a chunk.
 * Each token is the time it was sent at.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Orders } from './token-model.js';

const tickMs = 5;

interface Paced {
  response: ServerResponse;
  left: number;
  dueAt: number;
}

let orders: Orders = { tokens: 1, perSecond: 0, hold: false };
const paced = new Set<Paced>();

const chunk = (choice: object) => `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'scripted', choices: [{ index: 0, finish_reason: null, ...choice }] })}\n\n`;
const [before = '', after = ''] = chunk({ delta: { content: '#' } }).split('#');
const end = `${chunk({ delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`;
const token = (): string => `${before}w${String(Date.now() % 1e6).padStart(6, '0')} ${after}`;

function answer(response: ServerResponse): void {
  const { tokens, perSecond } = orders;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if (perSecond > 0) {
    const stream = { response, left: tokens, dueAt: performance.now() + Math.random() * (1000 / perSecond) };
    paced.add(stream);
    response.once('close', () => paced.delete(stream));
    return;
  }
  for (let sent = 0; sent < tokens; sent++) response.write(token());
  response.end(end);
}

setInterval(() => {
  const now = performance.now();
  for (const stream of paced) {
    for (; stream.left > 0 && stream.dueAt <= now; stream.left--) {
      stream.response.write(token());
      stream.dueAt += 1000 / orders.perSecond;
    }
    if (stream.left > 0 || orders.hold) continue;
    paced.delete(stream);
    stream.response.end(end);
  }
}, tickMs);

const server = createServer((request, response) => {
  request.resume();
  request.once('end', () => {
    if (request.method === 'POST') answer(response);
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{"object":"list","data":[]}');
  });
});
server.keepAliveTimeout = 60_000;
process.on('message', (given: Orders) => {
  orders = given;
  process.send?.('taken');
});
process.once('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', 2_000, () => process.send?.((server.address() as AddressInfo).port));
