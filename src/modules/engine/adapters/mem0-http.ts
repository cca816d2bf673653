import { AppError } from '#libs/contracts';

export interface Mem0Address {
  /** Of the self-hosted server, or of the platform. */
  baseUrl: string;
  apiKey: string | undefined;
}

export interface Mem0Request {
  method: 'GET' | 'POST';
  /** With its query, from the base on. */
  path: string;
  body?: object;
}

/** Answers beyond this are not read: a list of a hundred memories takes a tenth of it. */
const mostBytes = 1024 * 1024;
/** Statuses that say that the request itself is wrong: the same again would end the same. */
const hopeless = new Set([400, 413, 415, 422]);

/** JSON to a mem0 server and back; bounded in bytes by this class and in time by the signal. Neither key nor memories get into its errors. */
export class Mem0Http {
  private readonly base: string;

  constructor(
    { baseUrl }: Mem0Address,
    private readonly headers: Record<string, string>,
  ) {
    this.base = baseUrl.replace(/\/+$/, '');
  }

  /** @throws engine.mem0_unavailable, engine.mem0_refused (no use in trying again) */
  async send({ method, path, body }: Mem0Request, signal: AbortSignal): Promise<unknown> {
    try {
      const headers = { ...this.headers, accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}) };
      const response = await fetch(this.base + path, { method, headers, body: body && JSON.stringify(body), redirect: 'error', signal });
      const text = await readBounded(response);
      if (!response.ok) throw refusalOf(response.status);
      return JSON.parse(text) as unknown;
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw new AppError('engine.mem0_unavailable', 'unavailable', `The mem0 server did not answer: ${reasonOf(error)}. Check MEM0_BASE_URL.`, { cause: error });
    }
  }
}

/** What the server says to it is left out: some repeat the messages they were sent, and errors are logged. */
function refusalOf(status: number): AppError {
  if (hopeless.has(status)) return new AppError('engine.mem0_refused', 'invalid', `The mem0 server refused what it was sent (${status}).`);
  return new AppError('engine.mem0_unavailable', 'unavailable', `The mem0 server answered ${status}. Check MEM0_BASE_URL, MEM0_API_KEY and MEM0_FORM.`);
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop by an error closes the connection.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) throw new Error(`its answer is larger than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message ?? String(error);
}
