import { once } from 'node:events';
import { WebSocket, type ClientOptions } from 'ws';
import type { Json } from './api.js';

export interface Listener {
  socket: WebSocket;
  /** Frames as they came, with their time of arrival in epoch milliseconds. */
  frames: { frame: Json; at: number }[];
  /** The next frame that has not been given yet. */
  next(): Promise<Json>;
  /** Code and reason of the end. */
  closed: Promise<{ code: number; reason: string }>;
}

/** A WebSocket of the npm package `ws`, opened with a key in the header; other options as the package has them. @throws when it is refused */
export async function listen(url: string, key: string | undefined, { protocols = [], ...options }: ClientOptions & { protocols?: string[] } = {}): Promise<Listener> {
  const headers = { ...(key ? { authorization: `Bearer ${key}` } : {}), ...options.headers };
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws/dashboard`, protocols, { ...options, headers });
  const frames: Listener['frames'] = [];
  let given = 0;
  socket.on('message', (data: Buffer) => frames.push({ frame: JSON.parse(data.toString('utf8')), at: Date.now() }));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })));
  await once(socket, 'open');
  const next = async () => {
    if (frames.length <= given) await once(socket, 'message', { signal: AbortSignal.timeout(60_000) });
    return frames[given++]?.frame;
  };
  return { socket, frames, next, closed };
}

/** The answer to a WebSocket that is refused. */
export async function refusal(url: string, key: string | undefined, { protocols = [], path = '/ws/dashboard', ...options }: ClientOptions & { protocols?: string[]; path?: string } = {}): Promise<{ status: number; body: Json }> {
  const headers = { ...(key ? { authorization: `Bearer ${key}` } : {}), ...options.headers };
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${path}`, protocols, { ...options, headers });
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      socket.terminate();
      reject(new Error('It was let in'));
    });
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString('utf8') || 'null') }));
    });
  });
}
