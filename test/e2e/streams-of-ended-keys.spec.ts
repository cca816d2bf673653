import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, eventually } from '../support/api.js';
import { makeDataDirectory, removeDataDirectory, type ServerProcess } from '../support/server-process.js';
import { startServer, type TestServer } from '../support/server.js';
import { doors, follow, open, textOf } from '../support/streams.js';

const secondDirectory = makeDataDirectory();
let server: TestServer;
let second: ServerProcess;
let one: Api;
let two: Api;
beforeAll(async () => {
  server = await startServer({ env: { ENGINE_SCRIPTED: 'true' } });
  second = await server.restart({ dataDirectory: secondDirectory });
  [one, two] = [new Api(server.url, server.ownerKey), new Api(second.url, server.ownerKey)];
  await one.ingest('The lease of the warehouse in Hamburg ends on 31 March 2027.');
  await one.post('/v1/engines/switch', { engine: 'scripted' });
});
afterAll(async () => {
  await second.stop();
  await server.stop();
  removeDataDirectory(secondDirectory);
});

/** What is kept of the answers that a key asked for. */
async function keptOf(keyId: string): Promise<string[]> {
  const client = new pg.Client(server.databaseUrl);
  await client.connect();
  try {
    const { rows } = await client.query<{ content: string }>(`SELECT content FROM tenant_default.messages m JOIN tenant_default.conversations c ON c.id = m.conversation_id WHERE m.role = 'assistant' AND c.user_id = $1`, [keyId]);
    return rows.map(({ content }) => content);
  } finally {
    await client.end();
  }
}

describe.each(doors)('the key of a stream of %s', (path, bodyOf) => {
  it.each(['the process that makes it', 'another process'])('is revoked: it ends on %s with an error, what was said is kept, and streams of other keys go on', async (where) => {
    const body = bodyOf({ pieces: Array.from({ length: 500 }, () => 'on and '), delay_ms: 100 });
    const { id, key } = (await one.post('/api-keys', { name: `short-lived ${path} ${where}`, permissions: ['*'] })).body;
    const begun = await open(one.as(key), path, body);
    // Where it is read does not matter: it is ended where it is made.
    const { told, soFar } = where === 'another process' ? await open(two.as(key), path, body, { lastEventId: `${begun.streamId}.0` }) : begun;
    const others = await open(one, path, body);
    await eventually(() => Promise.resolve(textOf(soFar)), (text) => text !== '');
    expect((await two.delete(`/api-keys/${id}`)).status).toBe(204);
    const { events, ended } = await told;
    expect(ended).toBe(true);
    const last = events.at(-1)?.data;
    expect((last.error ?? last).code).toBe('auth.invalid_key');
    expect(events.map(({ data }) => data.choices?.[0]?.finish_reason ?? data.finish_reason).filter(Boolean)).toEqual([]);
    expect((await follow(one.as(key), path, body, { lastEventId: `${begun.streamId}.1` })).status).toBe(401);
    if (path === '/smart-qa/chat') {
      const said = await eventually(() => keptOf(id), (answers) => answers.length > 0);
      expect(said).toEqual([expect.stringMatching(/^(on and )+$/)]);
    }
    expect((await one.post(`${path}/${others.streamId}/cancel`)).body.status).toBe('cancelled');
    await others.told;
  });
});
