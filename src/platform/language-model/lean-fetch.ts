import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** Sockets that wait for the next request are closed by the agent after this long. */
const idleMs = 30_000;
const agents = { 'http:': new HttpAgent({ keepAlive: true, timeout: idleMs }), 'https:': new HttpsAgent({ keepAlive: true, timeout: idleMs }) };

/** Of an answer that is no stream. */
const longestText = 2_000_000;

/** What the openai package uses of a response. */
interface LeanResponse {
  ok: boolean;
  status: number;
  statusText: string;
  url: string;
  headers: Headers;
  /** In the packets that come; destroyed when its reader leaves it. */
  body: IncomingMessage;
  text(): Promise<string>;
  json(): Promise<unknown>;
}

/**
 * fetch by node:http, for the openai package: no web streams, which cost more for each packet than all we do with it, and less for each request.
 * Follows no redirects and asks for no compression.
 */
export const leanFetch = (async (url: string | URL | Request, init: RequestInit = {}): Promise<LeanResponse> => {
  const target = new URL(url instanceof Request ? url.url : url);
  try {
    return await send(target, init);
  } catch (error) {
    // The server had closed a socket that waited here: the request never reached it.
    if (error instanceof StaleSocketError) return send(target, init);
    throw error;
  }
}) as unknown as typeof fetch;

class StaleSocketError extends Error {}

function send(target: URL, { method = 'GET', headers, body, signal }: RequestInit): Promise<LeanResponse> {
  const secure = target.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const options = { method, headers: Object.fromEntries(new Headers(headers)), signal: signal ?? undefined };
    const request = secure ? httpsRequest(target, { ...options, agent: agents['https:'] }) : httpRequest(target, { ...options, agent: agents['http:'] });
    request.once('response', (response) => resolve(toResponse(target, response)));
    request.on('error', (error: NodeJS.ErrnoException) => {
      const stale = request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      reject(stale ? new StaleSocketError(error.message, { cause: error }) : error);
    });
    request.end(typeof body === 'string' ? body : undefined);
  });
}

function toResponse(target: URL, response: IncomingMessage): LeanResponse {
  const status = response.statusCode ?? 0;
  const headers = new Headers();
  for (const [name, value] of Object.entries(response.headers)) if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  const whole = () => textOf(response);
  return { ok: status >= 200 && status < 300, status, statusText: response.statusMessage ?? '', url: target.href, headers, body: response, text: whole, json: async () => JSON.parse(await whole()) as unknown };
}

async function textOf(response: IncomingMessage): Promise<string> {
  let read = '';
  response.setEncoding('utf8');
  for await (const piece of response as AsyncIterable<string>) {
    read += piece;
    if (read.length > longestText) break;
  }
  return read.slice(0, longestText);
}
