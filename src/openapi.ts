import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { apiTags } from './api-tags.js';
import { AppModule } from './app.module.js';
import { parseEnv } from './platform/config/env.js';
import { createHttpAdapter } from './platform/http/http-server.js';
import { createOpenApiDocument } from './platform/http/openapi.js';
import { version } from './version.js';

/** Preview mode makes no provider, so this address is never dialled. */
const noDatabase = 'postgresql://localhost/none';

/** The document that the server serves at /openapi.json, from the routes alone: no database, no network, defaults for every variable. */
async function describeApi(): Promise<OpenAPIObject> {
  const env = parseEnv({});
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.register(env, noDatabase), createHttpAdapter(env), {
    preview: true,
    logger: ['error'],
    abortOnError: false,
  });
  const document = createOpenApiDocument(app, version, apiTags);
  await app.close();
  return document;
}

const target = resolve(process.argv[2] ?? 'libs/sdk/openapi.json');
await writeFile(target, `${JSON.stringify(await describeApi(), null, 2)}\n`);
process.stdout.write(`${target}\n`);
