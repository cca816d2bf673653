/** An answer as it came over the wire. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed JSON; undefined when the body is none. */
  body: Json;
}

/** What JSON.parse gives: these tests look at what really came, whatever the documented types say. */
export type Json = ReturnType<typeof JSON.parse>;

export interface Call {
  body?: unknown;
  headers?: Record<string, string>;
  /** Another key than the client's; null: none. */
  key?: string | null;
  query?: Record<string, string | number | boolean | undefined>;
  signal?: AbortSignal;
}

export interface FileToSend {
  name: string;
  content: string | Uint8Array;
  type?: string;
}

/** Plain HTTP against a server, for what the generated client hides: headers, statuses, malformed requests. */
export class Api {
  constructor(
    readonly url: string,
    readonly key: string | undefined,
  ) {}

  as(key: string | undefined): Api {
    return new Api(this.url, key);
  }

  async call(method: string, path: string, { body, headers = {}, key, query = {}, signal }: Call = {}): Promise<Answer> {
    const response = await this.open(method, path, { body, headers, key, query, signal });
    return read(response);
  }

  /** The response itself, its body unread: for streams. */
  open(method: string, path: string, { body, headers = {}, key, query = {}, signal }: Call = {}): Promise<Response> {
    const url = new URL(path, this.url);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
    const credential = key === null ? undefined : (key ?? this.key);
    const raw = typeof body === 'string' || body instanceof Uint8Array || body instanceof FormData;
    return fetch(url, {
      method,
      redirect: 'manual',
      headers: {
        ...(credential ? { authorization: `Bearer ${credential}` } : {}),
        ...(body !== undefined && !(body instanceof FormData) ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? (body as RequestInit['body']) : JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  }

  get(path: string, query?: Call['query']): Promise<Answer> {
    return this.call('GET', path, { query });
  }

  post(path: string, body?: unknown, call: Call = {}): Promise<Answer> {
    return this.call('POST', path, { ...call, body });
  }

  delete(path: string): Promise<Answer> {
    return this.call('DELETE', path);
  }

  /** Adds a text. @returns its receipt */
  async ingest(text: string, more: object = {}): Promise<Json> {
    const { status, body, text: raw } = await this.post('/rag/ingest', { text, ...more });
    if (status !== 201) throw new Error(`POST /rag/ingest: ${status} ${raw}`);
    return body;
  }

  async search(query: string, more: object = {}): Promise<Json[]> {
    const { status, body, text } = await this.post('/rag/search', { query, ...more });
    if (status !== 200) throw new Error(`POST /rag/search: ${status} ${text}`);
    return body.items;
  }

  upload(files: FileToSend[], fields: Record<string, string> = {}, call: Call = {}): Promise<Answer> {
    return this.call('POST', '/rag/documents', { ...call, body: multipart(files, fields) });
  }
}

export function multipart(files: FileToSend[], fields: Record<string, string> = {}): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  for (const { name, content, type } of files) form.append('files', new Blob([content], { type }), name);
  return form;
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parse(text) };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One server-sent event. */
export interface StreamEvent {
  id: string;
  event: string;
  data: Json;
}

/** Events of a `text/event-stream` body as they arrive; comments are skipped. */
export async function* readEvents(response: Response): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    rest += decoder.decode(chunk, { stream: true });
    const frames = rest.split('\n\n');
    rest = frames.pop() ?? '';
    for (const frame of frames) {
      const fields = Object.fromEntries(frame.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
      if (fields.event) yield { id: fields.id ?? '', event: fields.event, data: JSON.parse(fields.data ?? 'null') };
    }
  }
}

/** Asks for memories until the answer did not run out of its 300 ms, as it may on a busy machine. */
export const inTime = (ask: () => Promise<Answer>): Promise<Answer> => eventually(ask, ({ body }) => body?.timed_out !== true);

/**
 * Within this time a process hears of a change elsewhere. It is no figure to meet, but well below the ten seconds after which it would
 * look by itself, so that what comes in time was heard of.
 */
export const heardMs = 8_000;

/** Asks again until the answer pleases; fails with the last one after `timeoutMs`, which ends a hang and measures nothing. */
export async function eventually<T>(ask: () => Promise<T>, pleases: (value: T) => boolean, timeoutMs = 120_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await ask();
    if (pleases(value)) return value;
    if (Date.now() > deadline) throw new Error(`Not within ${timeoutMs} ms; the last answer was ${JSON.stringify(value)?.slice(0, 2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
