import type { FastifyInstance } from 'fastify';
import { ServerResponse, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';

/** The connection of a request that asks for a WebSocket, and what was read of it beyond the request. */
export interface Upgrade {
  socket: Socket;
  head: Buffer;
}

const upgrades = new WeakMap<IncomingMessage, Upgrade>();

/** What a request that asks for a WebSocket came with; undefined for any other request. */
export function upgradeOf(request: IncomingMessage): Upgrade | undefined {
  return upgrades.get(request);
}

/**
 * Sends requests that ask for a WebSocket down the way of all requests: id, log, rate limit, guards, filters. A route opens the
 * WebSocket, or it answers as ever and the connection is closed. Requests for any other protocol (Java's client offers HTTP/2
 * with its first request) are answered as if they had not asked: a server may leave an offer alone (RFC 9110, 7.8).
 */
export function routeUpgrades(fastify: FastifyInstance): void {
  const server = fastify.server as Server;
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    // Node has taken its own listeners off, and a broken connection must not end the process.
    socket.on('error', () => socket.destroy());
    if (request.method !== 'GET' || request.headers.upgrade?.toLowerCase() !== 'websocket') {
      socket.unshift(Buffer.concat([Buffer.from(withoutOffer(request), 'latin1'), head]));
      server.emit('connection', socket);
      return;
    }
    upgrades.set(request, { socket, head });
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.once('finish', () => socket.destroySoon());
    response.assignSocket(socket);
    fastify.routing(request, response);
  });
}

/** The head of the request as it came, but for the offer to change the protocol. */
function withoutOffer({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let place = 0; place < rawHeaders.length; place += 2) {
    const name = String(rawHeaders[place]);
    if (!/^(connection|upgrade|http2-settings)$/i.test(name)) lines.push(`${name}: ${rawHeaders[place + 1]}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}
