import { readAnswerEvents, type AnswerEvent } from './answer-events.js';
import { createClient, createConfig, type Client } from './client/client/index.js';
import { AiStack } from './client/sdk.gen.js';
import type { ChatRequest, DashboardFrame, Problem } from './client/types.gen.js';
import { readDashboardFrames, type StreamEnd, type WebSocketConstructor, type WebSocketLike } from './dashboard-frames.js';

export type * from './client/types.gen.js';
export type { AnswerEvent, StreamEnd, WebSocketConstructor, WebSocketLike };

/** Attempts to take up a broken stream, the pauses between them twice as long each time: within the five seconds that a server waits. */
const mostFailures = 4;
const firstPauseMs = 200;

export interface AiStackOptions {
  /** Where the server is, like `http://127.0.0.1:3000`. */
  baseUrl: string;
  /** An API key or a JWT; without it only public routes answer. */
  apiKey?: string;
  /** Instead of the global one, for instance to add a proxy or a time limit. */
  fetch?: typeof fetch;
  /** Instead of the global one, which Node.js 20 does not have: that of the npm package `ws`, for instance. */
  webSocket?: WebSocketConstructor;
}

/** The API, a method for each operation; see {@link createAiStack}. */
export class AiStackClient extends AiStack {
  constructor(
    protected override readonly client: Client,
    private readonly openSocket: (path: string) => WebSocketLike,
  ) {
    super({ client });
  }

  /**
   * Asks like `askQuestion`, and gives the answer as it is made: text first, then citations, quality and the whole.
   * When the connection breaks it goes on where it was, nothing twice and nothing left out. Leaving the loop, or aborting the signal, stops the work on the server.
   * @throws Problem as an error's `cause`, when the question is refused, the answer breaks off or cannot be taken up again
   */
  async *streamAnswer(question: Omit<ChatRequest, 'stream'>, { signal }: { signal?: AbortSignal } = {}): AsyncGenerator<AnswerEvent> {
    let last: string | undefined;
    for (let failures = 0; ; ) {
      try {
        for await (const event of readAnswerEvents(await this.openAnswer(question, last, signal))) {
          last = event.id;
          failures = 0;
          yield event;
        }
        return;
      } catch (error) {
        if (last === undefined || signal?.aborted || isProblem((error as Error).cause) || ++failures > mostFailures) throw error;
        await new Promise((resolve) => setTimeout(resolve, firstPauseMs * 2 ** (failures - 1)));
      }
    }
  }

  private async openAnswer(question: Omit<ChatRequest, 'stream'>, last: string | undefined, signal: AbortSignal | undefined): Promise<ReadableStream<Uint8Array>> {
    const { data, error } = await this.client.post<{ 200: ReadableStream<Uint8Array> }, { 400: Problem }>({
      security: [{ scheme: 'bearer', type: 'http' }],
      url: '/smart-qa/chat',
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream', ...(last === undefined ? {} : { 'Last-Event-ID': last }) },
      body: { ...question, stream: true },
      parseAs: 'stream',
      signal,
    });
    if (!data) throw error instanceof Error ? error : new Error(error?.detail, { cause: error });
    return data;
  }

  /**
   * The figures of `getRealtimeDashboard`, once a second; whoever asks later gets the newest. Leaving the loop, or aborting the signal, closes the connection.
   * @throws Error with a {@link StreamEnd} as its `cause` when the server closes it (3000: the key or token has ended; 1001: it stops) or refuses it
   */
  async *watchDashboard({ signal }: { signal?: AbortSignal } = {}): AsyncGenerator<DashboardFrame> {
    yield* readDashboardFrames(this.openSocket('/ws/dashboard'), signal);
  }
}

/**
 * A typed client of one server. Every call resolves to `{ data, error, response }`: `data` typed by the operation, `error` a
 * {@link Problem} (or what `fetch` threw, when there was no answer). With `throwOnError: true` in a call it throws the error instead.
 * @example
 * const ai = createAiStack({ baseUrl: 'http://127.0.0.1:3000', apiKey });
 * await ai.ingestText({ body: { text: 'The cache hit rate must stay above seventy percent.' } });
 * const { data, error } = await ai.askQuestion({ body: { query: 'What must the cache hit rate be?' } });
 */
export function createAiStack({ baseUrl, apiKey, fetch, webSocket }: AiStackOptions): AiStackClient {
  const url = baseUrl.replace(/\/+$/, '');
  return new AiStackClient(
    createClient(
      createConfig({
        baseUrl: url,
        ...(fetch ? { fetch } : {}),
        // Each operation takes either form; one is enough.
        auth: (scheme) => (scheme.type === 'http' ? apiKey : undefined),
      }),
    ),
    (path) => {
      const Socket = webSocket ?? (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
      if (!Socket) throw new TypeError('There is no global WebSocket here: pass one to createAiStack');
      // Pages cannot send headers with it.
      return new Socket(url.replace(/^http/, 'ws') + path, ['ai-stack.v1', ...(apiKey === undefined ? [] : [`bearer.${apiKey}`])]);
    },
  );
}

function isProblem(cause: unknown): cause is Problem {
  return typeof cause === 'object' && cause !== null && 'status' in cause && 'trace_id' in cause;
}
