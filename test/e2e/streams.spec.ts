import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAiStack } from '#libs/sdk';
import { Api, eventually, type Json } from '../support/api.js';
import { clientOf, question } from '../support/openai-client.js';
import { makeDataDirectory, removeDataDirectory, type ServerProcess } from '../support/server-process.js';
import { startServer, type TestServer } from '../support/server.js';
import { breakingAfter, doors, follow, open, scripted, textOf, type Following, type Told } from '../support/streams.js';

const ownerKey = 'owner-key-of-the-stream-tests';
const secondDirectory = makeDataDirectory();
const unknown = '019aa4c5-8a52-7c3e-9f34-0242ac120002';

let server: TestServer;
let second: ServerProcess;
let one: Api;
let two: Api;
beforeAll(async () => {
  server = await startServer({ env: { AI_STACK_OWNER_KEY: ownerKey, ENGINE_SCRIPTED: 'true', STREAM_RESUME_SECONDS: '60' } });
  second = await server.restart({ dataDirectory: secondDirectory });
  [one, two] = [new Api(server.url, ownerKey), new Api(second.url, ownerKey)];
  await one.ingest('The lease of the warehouse in Hamburg ends on 31 March 2027. The rent is 4,200 euros a month.');
  await one.post('/v1/engines/switch', { engine: 'scripted' });
});
afterAll(async () => {
  await second.stop();
  await server.stop();
  removeDataDirectory(secondDirectory);
});

const pieces = Array.from({ length: 20 }, (_, index) => `Piece "${index}" 缓存\n`).concat('The lease ends on 31 March 2027 [1].');
const answer = pieces.join('');

/** What follows the text, as far as it is the same for every answer to one question: pieces that come together are told in one event. */
const endOf = ({ events }: Told) =>
  events
    .filter(({ event, data }) => event !== 'delta' && data.choices?.[0]?.delta?.content === undefined)
    .map(({ event, data }) => [event, data.choices?.length ?? data.quote ?? data.answer ?? data]);

/** Takes a stream up. Whoever does not have it asks the others and waits for a second: a busy one may answer the next time. */
const takeUp = (api: Api, path: string, body: object, following: Following): Promise<Told> => eventually(() => follow(api, path, body, following), ({ status }) => status !== 404);

async function kept(api: Api): Promise<Json> {
  const { items } = (await api.get('/conversations', { page_size: 1 })).body;
  return (await api.get(`/conversations/${items[0].id}/messages`)).body.items;
}

describe.each(doors)('a broken connection to %s', (path, bodyOf) => {
  it('goes on elsewhere without repeating or losing anything, wherever it broke', async () => {
    const body = bodyOf({ pieces, delay_ms: 5 });
    const whole = await follow(one, path, body);
    expect(textOf(whole)).toBe(answer);
    const count = whole.events.length;
    expect(count).toBeGreaterThan(10);
    const breaks = [0, 1, 2, 5, 10, 15, count - 5, count - 4, count - 3, count - 2, count - 1, count];
    for (const [turn, after] of breaks.entries()) {
      const [first, other] = turn % 3 === 0 ? [two, one] : turn % 3 === 1 ? [one, two] : [one, one];
      const broken = await follow(first, path, body, { leaveAfter: after });
      // How many events an answer is told in is not the same each time.
      const rest = await takeUp(other, path, body, { lastEventId: `${broken.streamId}.${broken.events.length}` });
      expect(rest.status, `after ${after}: ${JSON.stringify(rest.problem)}`).toBe(200);
      expect(rest.streamId).toBe(broken.streamId);
      const both = { ...rest, events: [...broken.events, ...rest.events] };
      expect(both.events.map(({ id }) => id)).toEqual(both.events.map((_event, index) => `${broken.streamId}.${index + 1}`));
      expect(textOf(both)).toBe(answer);
      expect(endOf(both)).toEqual(endOf(whole));
    }
  });

  it('can break again and again, from process to process', async () => {
    const body = bodyOf({ pieces, delay_ms: 20 });
    let told = await follow(one, path, body, { leaveAfter: 3 });
    const { streamId } = told;
    const events = [...told.events];
    for (let turn = 0; !told.ended; turn++) {
      told = await takeUp(turn % 2 === 0 ? two : one, path, body, { lastEventId: `${streamId}.${events.length}`, leaveAfter: 4 });
      expect(told.status).toBe(200);
      events.push(...told.events);
    }
    expect(textOf({ ...told, events })).toBe(answer);
  });

  it('is taken over by the newer reader; the older one is ended', async () => {
    const body = bodyOf({ pieces, delay_ms: 200 });
    const { streamId, told: older } = await open(one, path, body);
    const newer = await takeUp(two, path, body, { lastEventId: `${streamId}.0` });
    expect(textOf(newer)).toBe(answer);
    const told = textOf(await older);
    expect(answer.startsWith(told)).toBe(true);
    expect(told.length).toBeLessThan(answer.length);
  });

  it('goes on with large events and many, slowly read', async () => {
    const many = Array.from({ length: 40 }, (_, index) => `${index} ${'"\\缓'.repeat(20)}\n`);
    const body = bodyOf({ pieces: many, delay_ms: 1 });
    const broken = await follow(one, path, body, { leaveAfter: 2 });
    const rest = await takeUp(two, path, body, { lastEventId: `${broken.streamId}.2`, pauseMs: 5 });
    expect(textOf({ ...rest, events: [...broken.events, ...rest.events] })).toBe(many.join(''));
  });

  it('is nobody else\'s to take up or to stop', async () => {
    const body = bodyOf({ pieces: Array.from({ length: 600 }, () => 'on and '), delay_ms: 200 });
    const [{ key: colleague }, { owner_key: stranger }] = [
      (await one.post('/api-keys', { name: `colleague ${path}`, permissions: ['*'] })).body,
      (await one.post('/tenants', { slug: `stranger_${path.length}`, name: 'Stranger' })).body,
    ];
    const { streamId, told } = await open(one, path, body);
    for (const key of [colleague, stranger]) {
      for (const api of [one.as(key), two.as(key)]) {
        const refused = await follow(api, path, body, { lastEventId: `${streamId}.0` });
        expect(refused.status).toBe(404);
        expect((refused.problem.error ?? refused.problem).code).toBe('stream.not_found');
        expect((await api.post(`${path}/${streamId}/cancel`)).status).toBe(404);
      }
    }
    expect((await one.post(`${path}/${streamId}/cancel`)).body).toEqual({ id: streamId, status: 'cancelled' });
    expect(textOf(await told)).toMatch(/^(on and )+$/);
  });

  it('is refused with ids that are none, that were never told, and of streams that are gone', async () => {
    const body = bodyOf({ pieces: ['Short.'] });
    const { streamId, events } = await follow(one, path, body);
    for (const api of [one, two]) {
      for (const [lastEventId, status] of [['7', 400], [`${streamId}.${events.length + 1}`, 400], [`${unknown}.1`, 404], [`${streamId}.x`, 400]] as const) {
        expect((await follow(api, path, body, { lastEventId })).status, lastEventId).toBe(status);
      }
      const again = await follow(api, path, body, { lastEventId: `${streamId}.1` });
      expect(again.events).toEqual(events.slice(1));
    }
    const invalid = path === '/smart-qa/chat' ? { stream: true } : { model: 'ai-stack', stream: true };
    expect((await follow(one, path, invalid, { lastEventId: `${streamId}.1` })).status).toBe(400);
  });

  it.each(['the same process', 'another process'])('is stopped from %s, and what was said is told and kept', async (where) => {
    const body = bodyOf({ pieces: Array.from({ length: 500 }, () => 'on and '), delay_ms: 200 });
    const { streamId, told: streaming, soFar } = await open(one, path, body);
    await eventually(() => Promise.resolve(textOf(soFar)), (text) => text !== '');
    const startedAt = performance.now();
    const id = path === '/smart-qa/chat' ? streamId : `chatcmpl-${streamId.replaceAll('-', '')}`;
    const api = where === 'another process' ? two : one;
    expect(await eventually(() => api.post(`${path}/${id}/cancel`), ({ status }) => status !== 404)).toMatchObject({ status: 200, body: { id, status: 'cancelled' } });
    const told = await streaming;
    // Of the hundred seconds that it would have gone on for.
    expect(performance.now() - startedAt).toBeLessThan(30_000);
    expect(textOf(told)).toMatch(/^(on and )+$/);
    if (path === '/smart-qa/chat') {
      expect(told.events.at(-1)).toMatchObject({ event: 'done', data: { finish_reason: 'cancelled', answer: textOf(told) } });
      const messages = await kept(one);
      expect([messages[1].content, messages[1].metadata.finish_reason]).toEqual([textOf(told), 'cancelled']);
    } else {
      expect(told.events.map(({ data }) => data.choices?.[0]?.finish_reason).filter(Boolean)).toEqual(['stop']);
      expect(told.events.at(-1)?.data).toBe('[DONE]');
    }
    expect((await api.post(`${path}/${id}/cancel`)).body.status).toBe('cancelled');
    const finished = await follow(one, path, bodyOf({ pieces: ['Short.'] }));
    expect((await two.post(`${path}/${finished.streamId}/cancel`)).body.status).toBe('finished');
  });
});

describe('a client that stays away', () => {
  it('ends the work after the time of grace, and what was said is kept', async () => {
    const directory = makeDataDirectory();
    const impatient = await server.restart({ dataDirectory: directory, env: { STREAM_RESUME_SECONDS: '10' } });
    const there = new Api(impatient.url, ownerKey);
    const [path, bodyOf] = doors[0];
    const body = bodyOf({ pieces: Array.from({ length: 500 }, (_, index) => `${index} `), delay_ms: 100 });
    const broken = await follow(there, path, body, { leaveAfter: 5 });
    const back = await takeUp(two, path, body, { lastEventId: `${broken.streamId}.5`, leaveAfter: 5 });
    expect(back.status).toBe(200);
    const read = textOf(broken) + textOf(back);
    const messages = await eventually(() => kept(one), (items) => items[1]?.content.startsWith('0 1 ') && items[1].metadata.finish_reason === 'cancelled');
    for (const api of [there, two]) expect((await follow(api, path, body, { lastEventId: `${broken.streamId}.10` })).status).toBe(404);
    expect(messages[1].content.startsWith(read)).toBe(true);
    // While nobody read it stood still: ten seconds are a hundred pieces.
    expect(messages[1].content.slice(read.length).split(' ').length).toBeLessThan(60);
    await impatient.kill();
    removeDataDirectory(directory);
  });
});

describe('the official client', () => {
  it('reads the stream with its ids as before, and its raw response names the stream', async () => {
    const { data, response } = await clientOf(server, ownerKey)
      .chat.completions.create({ model: 'ai-stack', messages: [{ role: 'user', content: scripted(question, { pieces }) }], stream: true })
      .withResponse();
    let text = '';
    for await (const { id, choices } of data) {
      expect(id).toBe(`chatcmpl-${response.headers.get('x-stream-id')?.replaceAll('-', '')}`);
      text += choices[0]?.delta.content ?? '';
    }
    expect(text).toBe(answer);
  });
});

describe('the client of the SDK', () => {
  it('takes up a broken stream by itself, on whichever process it comes to', async () => {
    let calls = 0;
    const flaky: typeof fetch = async (input, init) => {
      const request = new Request(input, init);
      const to = calls++ % 2 === 0 ? server.url : second.url;
      const response = await fetch(new Request(request.url.replace(server.url, to), request));
      return calls > 3 ? response : new Response(response.body?.pipeThrough(breakingAfter(2)), response);
    };
    const events = [];
    const sdk = createAiStack({ baseUrl: server.url, apiKey: ownerKey, fetch: flaky });
    for await (const event of sdk.streamAnswer({ query: scripted(question, { pieces, delay_ms: 100 }) })) events.push(event);
    expect(calls).toBe(4);
    expect(events.map(({ id }) => Number(id.split('.')[1]))).toEqual(events.map((_event, index) => index + 1));
    expect(events.map((event) => (event.event === 'delta' ? event.data.text : '')).join('')).toBe(answer);
    expect(events.at(-1)?.event).toBe('done');
    const refused = createAiStack({ baseUrl: server.url, apiKey: ownerKey }).streamAnswer({ query: scripted(question, { pieces: ['Half'], fail: 'interrupted', fail_after: 1 }) });
    await expect((async () => { for await (const event of refused) events.push(event); })()).rejects.toMatchObject({ cause: { code: 'engine.interrupted' } });
  });
});

describe('a stream that is read on another process', () => {
  const [path, bodyOf] = doors[0];

  it('is whole although the event connections of all processes break in the middle', async () => {
    const numbers = Array.from({ length: 60 }, (_, index) => `${index} `);
    const body = bodyOf({ pieces: numbers, delay_ms: 50 });
    const broken = await follow(two, path, body, { leaveAfter: 2 });
    const { told: rest, soFar } = await open(one, path, body, { lastEventId: `${broken.streamId}.2` });
    await eventually(() => Promise.resolve(textOf(soFar)), (text) => text !== '');
    const client = new pg.Client(server.databaseUrl);
    await client.connect();
    await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ai-stack events' AND datname = current_database()`);
    await client.end();
    expect(textOf({ ...broken, events: [...broken.events, ...(await rest).events] })).toBe(numbers.join(''));
  });

  it('breaks off when its process dies, and is gone', async () => {
    const victim = await server.restart({ dataDirectory: makeDataDirectory() });
    const body = bodyOf({ pieces: Array.from({ length: 600 }, () => 'on '), delay_ms: 1_000 });
    const broken = await follow(new Api(victim.url, ownerKey), path, body, { leaveAfter: 2 });
    const lastEventId = `${broken.streamId}.2`;
    const { told } = await open(one, path, body, { lastEventId });
    await victim.kill();
    const startedAt = performance.now();
    await expect(told).rejects.toThrow();
    // Of the ten minutes that it would have gone on for.
    expect(performance.now() - startedAt).toBeLessThan(60_000);
    expect((await follow(one, path, body, { lastEventId })).status).toBe(404);
    removeDataDirectory(victim.dataDirectory);
  });
});

describe('a process that stops', () => {
  it('tells a stream to its end that is read on another process', async () => {
    const stopping = await server.restart({ dataDirectory: makeDataDirectory() });
    const [path, bodyOf] = doors[0];
    const body = bodyOf({ pieces, delay_ms: 100 });
    const broken = await follow(new Api(stopping.url, ownerKey), path, body, { leaveAfter: 2 });
    const { told: rest } = await open(one, path, body, { lastEventId: `${broken.streamId}.2` });
    const ended = stopping.stop();
    const both = { ...(await rest), events: [...broken.events, ...(await rest).events] };
    expect(textOf(both)).toBe(answer);
    expect(both.events.at(-1)?.event).toBe('done');
    expect(await ended, stopping.logs()).toBe(0);
    removeDataDirectory(stopping.dataDirectory);
  });
});
