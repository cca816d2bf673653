import type { DashboardFrame } from './client/types.gen.js';

/** What is used of a WebSocket, as browsers, Node.js 22 and the npm package `ws` have it. */
export interface WebSocketLike {
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { code: number; reason: string }) => void): void;
  addEventListener(type: 'error', listener: () => void): void;
  close(code?: number): void;
}

export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike;

/** How a stream of frames ended: a close code of the server, or 1006 when it was refused or the connection broke. */
export interface StreamEnd {
  code: number;
  reason: string;
}

/** The newest frame each time one is asked for; those in between are left out. @throws Error with a StreamEnd as its `cause`, when the connection ends */
export async function* readDashboardFrames(socket: WebSocketLike, signal: AbortSignal | undefined): AsyncGenerator<DashboardFrame> {
  let newest: unknown;
  let end: StreamEnd | undefined;
  let wake = (): void => undefined;
  const tell = (change: () => void) => () => {
    change();
    wake();
  };
  socket.addEventListener('message', ({ data }) => tell(() => (newest = data))());
  socket.addEventListener('close', ({ code, reason }) => tell(() => (end = { code, reason }))());
  // The close that follows says what is known.
  socket.addEventListener('error', () => undefined);
  const abort = tell(() => undefined);
  signal?.addEventListener('abort', abort);
  try {
    while (!signal?.aborted) {
      if (newest !== undefined) {
        const text = String(newest);
        newest = undefined;
        yield JSON.parse(text) as DashboardFrame;
      } else if (end) {
        throw new Error(`The live figures ended: ${end.reason || `code ${end.code}`}`, { cause: end });
      } else {
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
  } finally {
    signal?.removeEventListener('abort', abort);
    if (!end) socket.close(1000);
  }
}
