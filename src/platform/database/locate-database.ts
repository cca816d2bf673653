import { join } from 'node:path';
import { startEmbeddedPostgres } from './embedded/server.js';

/** Folder of the embedded server inside the data directory. */
const EMBEDDED_FOLDER = 'postgres';

export interface DatabaseLocation {
  /** URL of an outside database; absent: the embedded server. */
  url?: string | undefined;
  dataDirectory: string;
  log?: (line: string) => void;
}

/** A database to connect to. */
export interface LocatedDatabase {
  url: string;
  embedded: boolean;
  /** Gives it up after the last connection was closed: an embedded server stops unless another process uses it. */
  release(): Promise<void>;
}

/**
 * The outside database if there is one, else the embedded server, which is started or, when it runs already, shared.
 * @throws EmbeddedPostgresError with a message for people
 */
export async function locateDatabase({ url, dataDirectory, log }: DatabaseLocation): Promise<LocatedDatabase> {
  if (url) return { url, embedded: false, release: () => Promise.resolve() };
  const server = await startEmbeddedPostgres({ directory: join(dataDirectory, EMBEDDED_FOLDER), log });
  return {
    url: server.url,
    embedded: true,
    release: async () => {
      await server.stop();
    },
  };
}
