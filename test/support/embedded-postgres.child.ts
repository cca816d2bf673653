/**
 * A process of its own for embedded-servers.ts: starts the server on a directory, says so on one line of JSON and
 * waits. On `SIGTERM` it stops the server and ends; killed with `SIGKILL` it leaves the server behind.
 */
import { startEmbeddedPostgres, EmbeddedPostgresError } from '../../src/platform/database/embedded/server.js';

const directory = process.argv[2] ?? '';
const say = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`);

try {
  const server = await startEmbeddedPostgres({ directory });
  const { adopted, pid, url } = server;
  const keepAlive = setInterval(() => undefined, 60_000);
  process.once('SIGTERM', () => {
    clearInterval(keepAlive);
    void server.stop().then((outcome) => say({ outcome }));
  });
  say({ adopted, pid, url });
} catch (error) {
  say(error instanceof EmbeddedPostgresError ? { code: error.code, message: error.message } : { message: String(error) });
  process.exitCode = 1;
}
