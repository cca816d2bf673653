import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { loadEnv, type Env } from './platform/config/env.js';
import { locateDatabase, type LocatedDatabase } from './platform/database/locate-database.js';
import { createLogger } from './platform/observability/logger.js';
import { banner } from './startup/banner.js';
import { prepareDataDirectory } from './startup/data-directory.js';
import { explainStartFailure } from './startup/startup-error.js';
import { stopOnSignals } from './startup/shutdown.js';

/** Boots the HTTP process. Everything that can fail with a message for the operator does so before the port is open. */
async function main(): Promise<void> {
  let env: Env | undefined;
  let database: LocatedDatabase | undefined;
  let app: NestFastifyApplication | undefined;
  try {
    env = loadEnv();
    env.AI_STACK_DATA_DIR = prepareDataDirectory(env.AI_STACK_DATA_DIR);
    const logger = createLogger(env.LOG_LEVEL);
    // Loading the application's code takes as long as starting the database: do both at once.
    const [located, { createApp }] = await Promise.all([locate(env, logger), import('./app.factory.js')]);
    database = located;
    app = await createApp(env, database.url, logger);
    await serve(app, env, database);
    stopOnSignals({ app, database, logger, timeoutMs: env.SHUTDOWN_TIMEOUT_SECONDS * 1000 });
  } catch (error) {
    process.stderr.write(`${explainStartFailure(error, env?.HOST ?? '', env?.PORT ?? 0)}\n`);
    await app?.close().catch(() => undefined);
    await database?.release().catch(() => undefined);
    process.exit(1);
  }
}

function locate(env: Env, logger: Logger): Promise<LocatedDatabase> {
  return locateDatabase({ url: env.DATABASE_URL, dataDirectory: env.AI_STACK_DATA_DIR, log: (line) => logger.info({ context: 'postgres' }, line) });
}

async function serve(app: NestFastifyApplication, env: Env, database: LocatedDatabase): Promise<void> {
  const { OwnerService } = await import('./modules/tenants/owner.service.js');
  const owner = await app.get(OwnerService).ensure();
  await app.listen({ port: env.PORT, host: env.HOST });
  if (process.argv.includes('--demo')) await (await import('./startup/demo.js')).loadDemo(app);
  process.stderr.write(
    banner({
      url: await app.getUrl(),
      dataDirectory: env.AI_STACK_DATA_DIR,
      database: database.embedded ? 'embedded PostgreSQL' : 'DATABASE_URL',
      ownerKey: owner.secret,
      ownerKeyFile: owner.file,
      startedInMs: performance.now(),
    }),
  );
}

await main();
