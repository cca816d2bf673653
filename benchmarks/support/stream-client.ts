import { Agent, request, type ClientRequest } from 'node:http';

export interface Endpoint {
  /** Ends in `/v1`. */
  url: string;
  key: string;
  model: string;
}

/** Many streams at once, read with as little work as can be: what it measures is the servers. */
export class StreamClient {
  tokens = 0;
  /** From the model's sending to here, in milliseconds, one of every ten tokens. */
  latencies: number[] = [];
  ended = 0;
  failed = 0;
  private readonly agent = new Agent({ keepAlive: false, maxSockets: Infinity });
  private readonly requests: ClientRequest[] = [];
  private readonly body: string;

  constructor(
    private readonly endpoint: Endpoint,
    question: string,
  ) {
    this.body = JSON.stringify({ model: endpoint.model, messages: [{ role: 'user', content: question }], stream: true });
  }

  open(): void {
    const { url, key } = this.endpoint;
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(this.body) };
    const sent = request(`${url}/chat/completions`, { method: 'POST', agent: this.agent, headers }, (response) => {
      if (response.statusCode !== 200) this.failed++;
      let tail = '';
      response.setEncoding('latin1').on('data', (text: string) => (tail = this.read(tail + text)));
      response.once('end', () => this.ended++).once('error', () => this.failed++);
    });
    sent.once('error', () => this.failed++);
    sent.end(this.body);
    this.requests.push(sent);
  }

  /** Counts anew. */
  reset(): void {
    this.tokens = 0;
    this.latencies = [];
  }

  close(): void {
    for (const sent of this.requests) sent.removeAllListeners('error').on('error', () => undefined).destroy();
    this.agent.destroy();
  }

  /** @returns what may be the beginning of a token */
  private read(text: string): string {
    const token = /w(\d{6}) /g;
    let end = 0;
    for (let found = token.exec(text); found; found = token.exec(text)) {
      end = token.lastIndex;
      if (this.tokens++ % 10 === 0) this.latencies.push((Date.now() - Number(found[1]) + 1e6) % 1e6);
    }
    return text.slice(Math.max(end, text.length - 8));
  }
}
