import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WireServer {
  /** Base URL, ending in `/v1`. */
  readonly url: string;
  /** Ends open connections and stops listening; start() with the same port makes it reachable again. */
  stop(): Promise<void>;
}

type Handler = (path: string, body: unknown, request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** An HTTP server on a free loopback port whose handler sees parsed JSON bodies. */
export async function startWireServer(handle: Handler, port = 0): Promise<WireServer> {
  const server = createServer((request, response) => {
    readJson(request)
      .then((body) => handle(String(request.url), body, request, response))
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A free port that the system gives to nobody: a server can leave it and come back to it. */
export async function steadyPort(): Promise<number> {
  for (;;) {
    // Below those that connections and servers without a wish get (Linux: from 32,768, others: from 49,152).
    const port = 12_000 + Math.floor(Math.random() * 20_000);
    const probe = createServer();
    const free = await new Promise<boolean>((resolve) => probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)));
    if (!free) continue;
    await new Promise((resolve) => probe.close(resolve));
    return port;
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** A failure in the form that OpenAI-compatible servers use. */
export function sendFailure(response: ServerResponse, status: number, message = `scripted ${status}`, headers?: Record<string, string>): void {
  sendJson(response, status, { error: { message, type: 'scripted', code: null, param: null } }, headers ?? (status === 429 ? { 'retry-after': '0' } : { 'retry-after-ms': '10' }));
}
