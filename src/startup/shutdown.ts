import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import type { LocatedDatabase } from '../platform/database/locate-database.js';
import { HealthRegistry } from '../platform/health/health.registry.js';

const idleCheckMs = 100;

interface Running {
  app: NestFastifyApplication;
  database: LocatedDatabase;
  logger: Logger;
  timeoutMs: number;
}

/**
 * SIGTERM or Ctrl-C: no new connections, accepted requests are answered, statistics are written, the embedded database is
 * stopped. What takes longer than the time limit is left; a second Ctrl-C does not wait.
 */
export function stopOnSignals({ app, database, logger, timeoutMs }: Running): void {
  let stopping = false;
  const unused = watchUnused(app);
  const stop = (signal: NodeJS.Signals) => {
    // A terminal sends Ctrl-C to npm and to this process, and npm passes it on: the second one within a second is the same.
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.on(signal, () => process.exit(130)), 1_000).unref();
    logger.info({ signal }, 'Stopping: accepted requests are answered first');
    const late = setTimeout(() => {
      logger.error(`Not stopped within ${timeoutMs} ms (SHUTDOWN_TIMEOUT_SECONDS); leaving the rest`);
      void database.release().finally(() => process.exit(1));
    }, timeoutMs);
    app.get(HealthRegistry).drain();
    closeConnectionsAsTheyFallIdle(app, unused);
    app
      .close()
      .then(() => database.release())
      .then(
        () => {
          clearTimeout(late);
          process.exit(0);
        },
        (error: unknown) => {
          logger.error({ err: error }, 'The stop was not clean');
          process.exit(1);
        },
      );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

/** Connections without a request so far: clients open some ahead, and to the server they are not idle. */
function watchUnused(app: NestFastifyApplication): ReadonlySet<Socket> {
  const unused = new Set<Socket>();
  app
    .getHttpServer()
    .on('connection', (socket) => {
      unused.add(socket);
      socket.once('close', () => unused.delete(socket));
    })
    .on('request', ({ socket }) => unused.delete(socket));
  return unused;
}

/** Closing the server ends only the connections that are idle at that moment; one that is kept alive after its last answer would hold it up. */
function closeConnectionsAsTheyFallIdle(app: NestFastifyApplication, unused: ReadonlySet<Socket>): void {
  const server = app.getHttpServer();
  setInterval(() => {
    server.closeIdleConnections();
    for (const socket of unused) if (socket.bytesRead === 0) socket.destroy();
  }, idleCheckMs).unref();
}
