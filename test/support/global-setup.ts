import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/platform/database/embedded/server.js';
import { removeAbandonedServers } from './abandoned-servers.js';
import { scratchDirectory } from './scratch.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** An administrator's URL of the test run's PostgreSQL server; see createDatabase() in database.ts. */
    databaseServerUrl: string;
  }
}

/** Projects of one run live in one process: the first makes the directory, the others adopt its server. */
const DIRECTORY_VARIABLE = 'AI_STACK_TEST_DATABASE_DIRECTORY';
const PREFIX = 'ai-stack-test-';

/** Losing a test's data to a power cut is no loss. */
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off', max_connections: 200, max_wal_size: '256MB' };

/** One for each project that uses this file: vitest may share the module between them, or load it for each. */
const servers: EmbeddedPostgres[] = [];

/** Starts one embedded PostgreSQL server for all medium and end-to-end tests of the run. */
export async function setup(project: TestProject): Promise<void> {
  const directory = (process.env[DIRECTORY_VARIABLE] ??= await makeDirectory());
  const server = await startEmbeddedPostgres({ directory, settings: FAST });
  servers.push(server);
  project.provide('databaseServerUrl', server.url);
}

export async function teardown(): Promise<void> {
  const outcome = await servers.pop()?.stop();
  const directory = process.env[DIRECTORY_VARIABLE];
  if (outcome === 'stopped' && directory !== undefined) await rm(directory, { recursive: true, force: true });
}

async function makeDirectory(): Promise<string> {
  const base = scratchDirectory();
  await removeAbandonedServers(base, PREFIX);
  return mkdtemp(join(base, PREFIX));
}
