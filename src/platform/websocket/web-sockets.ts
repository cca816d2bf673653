import { BeforeApplicationShutdown, HttpException, Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocketServer, type WebSocket } from 'ws';
import { AppError } from '#libs/contracts';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { subprotocol } from '../security/credential.js';
import type { Identity } from '../security/identity.js';
import { KeyWatch } from '../security/key-watch.js';
import { ClientSocket, closeCodes } from './client-socket.js';
import { upgradeOf } from './upgrade.hook.js';

/** Open WebSockets at once. */
const most = { principal: 20, tenant: 500, process: 2_000 };
/** Bytes of a message from a client; a larger one ends the connection (1009). */
const largestMessage = 1_024;
const checkEveryMs = 5_000;
const silentMs = 45_000;
const farewellMs = 1_000;

/** Every open WebSocket of this process: counted, kept alive, and closed when its client is silent, when its key has ended and at shutdown. */
@Injectable()
export class WebSockets implements BeforeApplicationShutdown {
  private readonly open = new Set<ClientSocket>();
  private readonly server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: largestMessage,
    perMessageDeflate: false,
    // Never the one that holds the key.
    handleProtocols: (offered) => offered.has(subprotocol) && subprotocol,
  });
  private timer: NodeJS.Timeout | undefined;
  private closing = false;

  constructor(
    @Inject(ENV) private readonly env: Pick<Env, 'WEBSOCKET_ORIGINS'>,
    private readonly keys: KeyWatch,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    this.closing = true;
    clearInterval(this.timer);
    for (const socket of this.open) socket.close(closeCodes.goingAway, 'the server is stopping');
    for (let waitedMs = 0; this.open.size > 0 && waitedMs < farewellMs; waitedMs += 20) await delay(20);
    for (const socket of this.open) socket.terminate();
  }

  /**
   * Makes the request a WebSocket. To be called by a route, which has been through the guards; it answers nothing itself.
   * @returns undefined when the client has gone, or does not speak the protocol and was told so
   * @throws HttpException 426 when the request does not ask for one
   * @throws AppError for pages of another origin, and when too many are open
   */
  accept(request: FastifyRequest, reply: FastifyReply): ClientSocket | undefined {
    const { identity } = request;
    const upgrade = upgradeOf(request.raw);
    if (!upgrade || !identity) {
      void reply.header('upgrade', 'websocket');
      throw new HttpException('This route is a WebSocket: ask for one (Upgrade: websocket).', 426);
    }
    this.refuseForeignPage(request);
    this.refuseTooMany(identity);
    let opened: WebSocket | undefined;
    reply.hijack();
    reply.raw.detachSocket(upgrade.socket);
    // Calls back before it returns, or has answered 400 and closed the connection.
    this.server.handleUpgrade(request.raw, upgrade.socket, upgrade.head, (socket) => (opened = socket));
    reply.raw.statusCode = opened ? 101 : 400;
    reply.raw.emit('close');
    return opened && this.add(new ClientSocket(opened, identity));
  }

  private add(socket: ClientSocket): ClientSocket {
    this.open.add(socket);
    socket.onClose(() => this.open.delete(socket));
    socket.onClose(this.keys.watch(socket.identity, () => socket.close(closeCodes.unauthorized, 'the key or token has ended')));
    this.timer ??= setInterval(() => this.check(), checkEveryMs).unref();
    return socket;
  }

  private check(): void {
    for (const socket of this.open) socket.check(silentMs);
  }

  /** A browser tells which page asks. Keys are never sent by themselves as cookies are, so this is a second lock. */
  private refuseForeignPage({ headers: { origin }, host }: FastifyRequest): void {
    if (origin === undefined || this.env.WEBSOCKET_ORIGINS?.includes(origin)) return;
    if (URL.canParse(origin) && new URL(origin).host === host) return;
    throw new AppError('websocket.origin_refused', 'forbidden', `Pages of ${origin.slice(0, 200)} may not open WebSockets here. WEBSOCKET_ORIGINS lists those that may.`);
  }

  private refuseTooMany({ principal, tenant }: Identity): void {
    if (this.closing) throw new AppError('websocket.closing', 'unavailable', 'This process is stopping; another one, or the next one here, takes the connection.', { retryAfterSeconds: 1 });
    const count = { principal: 0, tenant: 0, process: this.open.size };
    for (const { identity } of this.open) {
      if (identity.principal.id === principal.id) count.principal++;
      if (identity.tenant.tenantId === tenant.tenantId) count.tenant++;
    }
    const full = (Object.keys(most) as (keyof typeof most)[]).find((scope) => count[scope] >= most[scope]);
    if (full) throw new AppError('websocket.too_many', 'limited', `${most[full]} WebSockets are open for this ${full === 'principal' ? 'key' : full}; close one first.`, { retryAfterSeconds: 5 });
  }
}
