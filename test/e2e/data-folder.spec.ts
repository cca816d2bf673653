import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, eventually } from '../support/api.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { startServer, type TestServer } from '../support/server.js';
import { storedFiles } from '../support/stored-files.js';

const ownerKey = 'owner-key-of-the-data-folder-tests';
let server: TestServer;
let other: TestDatabase;

beforeAll(async () => {
  server = await startServer({ env: { AI_STACK_OWNER_KEY: ownerKey } });
  other = await createDatabase();
});
afterAll(async () => {
  await server.stop();
  await other.drop();
});

describe('a data folder', () => {
  it('keeps the files of its database when the server is started with another one', async () => {
    const { status, body } = await new Api(server.url, ownerKey).upload([{ name: 'a.txt', content: 'The redshank nests in the salt marsh.' }], { wait: 'true' });
    expect(status).toBe(200);
    await server.kill();
    const [file] = storedFiles(server.dataDirectory);
    const stale = join(server.dataDirectory, 'tmp', 'left-behind');
    writeFileSync(stale, '');
    for (const path of [file ?? '', stale]) utimesSync(path, new Date(0), new Date(0));

    const startWrong = () => server.restart({ env: { DATABASE_URL: other.url } });
    // The first start makes the tenant whose files the second one looks for.
    await (await startWrong()).stop();
    const wrong = await startWrong();
    // Its sweeper has been here; what it removes next would be files.
    await eventually(() => Promise.resolve(existsSync(stale)), (there) => !there);
    await delay(500);
    await wrong.stop();
    expect(storedFiles(server.dataDirectory)).toEqual([file]);

    const right = await server.restart();
    expect((await new Api(right.url, ownerKey).search('redshank'))[0].doc_id).toBe(body.items[0].doc_id);
    await right.stop();
  });
});
