import { createDatabase } from './database.js';
import { makeDataDirectory, removeDataDirectory, startProcess, type ServerProcess } from './server-process.js';

export interface TestServer extends ServerProcess {
  readonly databaseUrl: string;
  /** SIGTERM; then what restart() started and still runs is killed, its data folder and its database are removed. @returns its exit code */
  stop(): Promise<number | null>;
  /** SIGKILL; data folder and database stay for restart(). */
  kill(): Promise<void>;
  /** A new process on the same data folder and database, after kill() or beside this one. Its stop() leaves both alone. */
  restart(options?: { env?: Record<string, string>; dataDirectory?: string }): Promise<ServerProcess>;
}

export interface TestServerOptions {
  /** Variables of the product, beside those that point it to its own database, folder and free port. */
  env?: Record<string, string>;
  /** Options of the product, as `npm start -- …` takes them. */
  args?: readonly string[];
}

/**
 * Starts the server on an empty database and data folder of its own.
 * @example const server = await startServer(); afterAll(() => server.stop());
 */
export async function startServer({ env = {}, args }: TestServerOptions = {}): Promise<TestServer> {
  const [database, dataDirectory] = [await createDatabase(), makeDataDirectory()];
  // A test writes what the model answers; memories are no question of it unless it says so.
  const all = { DATABASE_URL: database.url, ...(env.LLM_BASE_URL ? { MEMORY_EXTRACTION: 'rules' } : {}), ...env };
  const restarted: ServerProcess[] = [];
  const clean = async () => {
    // A test that failed in the middle did not stop them.
    await Promise.all(restarted.map((one) => one.kill()));
    removeDataDirectory(dataDirectory);
    await database.drop();
  };
  try {
    const first = await startProcess({ dataDirectory, env: all, args });
    return {
      ...first,
      databaseUrl: database.url,
      stop: async () => {
        const code = await first.stop();
        await clean();
        return code;
      },
      restart: async (options = {}) => {
        const next = await startProcess({ dataDirectory: options.dataDirectory ?? dataDirectory, env: { ...all, ...options.env } });
        restarted.push(next);
        return next;
      },
    };
  } catch (error) {
    await clean();
    throw error;
  }
}
