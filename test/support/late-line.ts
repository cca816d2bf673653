import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { dial, type Line } from './cut-line.js';

/** A line to PostgreSQL on which an error comes at once, and what the server says after it, the state of the transaction, a moment later. */
export async function openLateLine(databaseUrl: string): Promise<Line> {
  const ends = new Set<Socket>();
  const server = createServer((here) => {
    const there = dial(new URL(databaseUrl));
    for (const end of [here, there]) ends.add(end.on('error', () => end.destroy()));
    here.on('close', () => there.destroy()).pipe(there);
    // It ends in the middle when either end goes away.
    passErrorsFirst(there, here).then(() => here.destroy(), () => here.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.searchParams.delete('host');
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        ends.forEach((end) => end.destroy());
      }),
  };
}

async function passErrorsFirst(from: Socket, to: Socket): Promise<void> {
  let rest = Buffer.alloc(0);
  for await (const piece of from as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, piece]);
    // A message is its kind, and its length without that.
    for (let size = sizeOf(rest); size <= rest.length; size = sizeOf(rest)) {
      to.write(rest.subarray(0, size));
      if (rest[0] === 'E'.charCodeAt(0)) await delay(100);
      rest = rest.subarray(size);
    }
  }
}

const sizeOf = (messages: Buffer): number => (messages.length < 5 ? Infinity : 1 + messages.readUInt32BE(1));
