import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Line {
  /** The same database, through this line. */
  readonly url: string;
  close(): Promise<void>;
}

export interface CutLine extends Line {
  /** From now on nothing more passes on the connections that are open, and nobody is told: as when a firewall forgets them. New ones work. */
  cut(): void;
}

/** A line to PostgreSQL that can be cut without either end noticing. */
export async function openCutLine(databaseUrl: string): Promise<CutLine> {
  const ends = new Set<Socket>();
  const server = createServer((here) => {
    const there = dial(new URL(databaseUrl));
    for (const [from, to] of [[here, there], [there, here]] as const) {
      ends.add(from);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.searchParams.delete('host');
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    cut: () => ends.forEach((end) => end.unpipe().pause()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        ends.forEach((end) => end.destroy());
      }),
  };
}

export function dial(url: URL): Socket {
  const folder = url.searchParams.get('host');
  const port = Number(url.port || 5432);
  return folder ? connect(`${folder}/.s.PGSQL.${port}`) : connect(port, url.hostname);
}
