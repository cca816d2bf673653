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
 *
 * Node passes these requests on at once, not after those before them on the same connection. Two answers cannot share it, so a
 * connection that is asked to change its protocol before it has its answers is closed.
 */
export function routeUpgrades(fastify: FastifyInstance): void {
  const server = fastify.server as Server;
  const isUnanswered = unansweredRequests(server);
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (isUnanswered(socket)) {
      socket.destroy();
      return;
    }
    if (request.method !== 'GET' || request.headers.upgrade?.toLowerCase() !== 'websocket') {
      socket.unshift(Buffer.concat([Buffer.from(withoutOffer(request), 'latin1'), head]));
      server.emit('connection', socket);
      return;
    }
    // Node has taken its own listeners off, and a broken connection must not end the process.
    socket.on('error', () => socket.destroy());
    upgrades.set(request, { socket, head });
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.once('finish', () => socket.destroySoon());
    response.assignSocket(socket);
    fastify.routing(request, response);
  });
}

/** Whether the newest request of a connection has no full answer yet: the answers end in the order of the requests, and then let the connection go. */
function unansweredRequests(server: Server): (socket: Socket) => boolean {
  const newest = new WeakMap<Socket, ServerResponse>();
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => newest.set(socket, response));
  return (socket) => Boolean(newest.get(socket)?.socket);
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
