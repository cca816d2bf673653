import type { WebSocket } from 'ws';
import type { Identity } from '../security/identity.js';

/** Close codes of RFC 6455 and of the IANA registry. */
export const closeCodes = { goingAway: 1001, policy: 1008, unauthorized: 3000 } as const;

/** Messages of any kind that a client may send between two looks at it: many times what the protocol asks of it. */
const mostHeard = 100;
/** What a client may take for its half of the closing handshake. */
const farewellMs = 2_000;

/**
 * The server's end of a WebSocket that is only written to. At most one message is on its way: each is followed by a ping, which
 * the client's side answers once it has read so far, whatever the system and proxies between hold back. Until then only the
 * newest message waits. What a client sends is not looked at; too much of it ends the connection.
 */
export class ClientSocket {
  /** Epoch milliseconds. */
  private heardAt = Date.now();
  private heard = 0;
  private sent = 0;
  private unread = false;
  private waiting: Buffer | undefined;
  private closing = false;

  constructor(
    private readonly socket: WebSocket,
    readonly identity: Identity,
  ) {
    socket.on('message', () => this.hear());
    socket.on('ping', () => this.hear());
    socket.on('pong', (payload) => {
      this.hear();
      if (payload.toString() === String(this.sent)) this.wasRead();
    });
    // A broken frame or connection; the close follows.
    socket.on('error', () => socket.terminate());
  }

  /** Sends the message, or puts it in the place of the one that waits. It is shared, never copied. */
  offer(message: Buffer): void {
    if (this.unread || this.socket.bufferedAmount > 0) this.waiting = message;
    else this.send(message);
  }

  onClose(listener: () => void): void {
    this.socket.once('close', listener);
  }

  /** Begins the closing handshake; a client that does not take part is cut off. */
  close(code: number, reason: string): void {
    if (this.closing) return;
    this.closing = true;
    this.socket.close(code, reason);
    const late = setTimeout(() => this.terminate(), farewellMs);
    this.socket.once('close', () => clearTimeout(late));
  }

  terminate(): void {
    this.socket.terminate();
  }

  /** To be called from time to time. @param silentMs after so long without a sign of life the connection is cut */
  check(silentMs: number): void {
    this.heard = 0;
    if (Date.now() - this.heardAt > silentMs) this.terminate();
    else if (!this.unread && this.isOpen) this.socket.ping();
  }

  private get isOpen(): boolean {
    return !this.closing && this.socket.readyState === this.socket.OPEN;
  }

  private send(message: Buffer): void {
    if (!this.isOpen) return;
    this.unread = true;
    this.socket.send(message, { binary: false });
    this.socket.ping(String(++this.sent));
  }

  private wasRead(): void {
    this.unread = false;
    const message = this.waiting;
    this.waiting = undefined;
    if (message) this.send(message);
  }

  private hear(): void {
    this.heardAt = Date.now();
    if (++this.heard > mostHeard) this.close(closeCodes.policy, 'too many messages');
  }
}
