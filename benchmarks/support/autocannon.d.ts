/** What the benchmarks use of autocannon, which brings no types. */
declare module 'autocannon' {
  export interface Sent {
    method?: string;
    path?: string;
    headers?: Record<string, string>;
    body?: string;
    setupRequest?(sent: Sent): Sent;
  }
  interface Options {
    url: string;
    connections: number;
    duration?: number;
    amount?: number;
    requests: Sent[];
  }
  interface Result {
    non2xx: number;
    errors: number;
  }
  interface Run extends Promise<Result> {
    on(event: 'response', listener: (client: unknown, status: number, bytes: number, milliseconds: number) => void): this;
  }
  export default function autocannon(options: Options): Run;
}
