import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, type Json } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
let api: Api;
let document: string;

beforeAll(async () => {
  server = await startServer();
  api = new Api(server.url, server.ownerKey);
  document = (await api.ingest('The ferry to the island leaves at noon. It costs nineteen euros.', { title: 'Timetable' })).doc_id;
});
afterAll(() => server.stop());

const attempt = (name: string, args: object = {}, by = api) => by.post(`/v1/tools/${name}/run`, { arguments: args });
const run = async (name: string, args: object = {}, by = api): Promise<Json> => {
  const { status, body, text } = await attempt(name, args, by);
  if (status !== 200) throw new Error(text);
  return body;
};
const keyWith = async (...permissions: string[]) => api.as((await api.post('/api-keys', { name: permissions.join(), permissions })).body.key);

describe('GET /v1/tools', () => {
  it('lists every tool with a schema that the strict form of function calling accepts', async () => {
    const { items } = (await api.get('/v1/tools')).body;
    expect(items.map(({ name }: Json) => name).sort()).toEqual(['calculator', 'current_time', 'query_statistics', 'read_document', 'search_knowledge']);
    for (const { name, parameters, description, allowed } of items) {
      expect(() => new Ajv2020({ formats: { uuid: true } }).compile(parameters), name).not.toThrow();
      expect(parameters, name).toMatchObject({ type: 'object', additionalProperties: false, required: Object.keys(parameters.properties) });
      expect([description.length > 40, allowed], name).toEqual([true, true]);
    }
  });

  it('says which of them a key may use', async () => {
    const asker = await keyWith('answers:ask', 'search:query');
    const { items } = (await asker.get('/v1/tools')).body;
    expect(items.filter(({ allowed }: Json) => allowed).map(({ name }: Json) => name).sort()).toEqual(['calculator', 'current_time', 'search_knowledge']);
    expect(await (await keyWith('search:query')).get('/v1/tools')).toMatchObject({ status: 403 });
  });

  it('counts their calls', async () => {
    const use = async () => (await api.get('/v1/tools')).body.items.find(({ name }: Json) => name === 'current_time').use;
    const before = await use();
    await run('current_time');
    await api.post('/v1/tools/current_time/run', { arguments: { time_zone: 'Mars/Olympus' } });
    expect(await use()).toMatchObject({ runs: before.runs + 2, failed: before.failed + 1 });
  });
});

describe('POST /v1/tools/{name}/run', () => {
  it('finds passages, and reads on where one stands', async () => {
    const { result } = await run('search_knowledge', { query: 'When does the ferry leave?', top_k: 3 });
    const [passage] = result.passages;
    expect(passage).toMatchObject({ title: 'Timetable', doc_id: document, page: null, start: 0, text: expect.stringContaining('noon') });
    expect((await run('read_document', { doc_id: document, start: 4, length: 5 })).result).toEqual({ title: 'Timetable', start: 4, text: 'ferry', total: 64 });
    expect((await run('read_document', { doc_id: document, start: 2_000_000_000 })).result).toMatchObject({ text: '', total: 64 });
  });

  it('calculates, tells the time and the statistics', async () => {
    expect((await run('calculator', { expression: '19.99 * 3' })).result).toEqual({ result: '59.97' });
    const { time, weekday } = (await run('current_time', { time_zone: 'Asia/Shanghai' })).result;
    expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(60_000);
    expect([time.endsWith('+08:00'), weekday.endsWith('day')]).toEqual([true, true]);
    expect((await run('query_statistics', { report: 'overview', window: '1h' })).result.requests).toBeGreaterThan(3);
    expect((await run('query_statistics', { report: 'endpoints' })).result.items.map(({ endpoint }: Json) => endpoint)).toContain('/v1/tools/:name/run');
    const { values } = (await run('query_statistics', { report: 'timeseries', metric: 'requests', interval: 'hour', window: '24h' })).result;
    expect(values.length).toBeGreaterThanOrEqual(24);
    // An hour may have begun just now.
    expect(values.slice(-2).reduce((sum: number, value: number) => sum + value)).toBeGreaterThan(3);
  });

  it('answers what goes wrong with its status and a problem', async () => {
    const failures: [string, object, string, number?][] = [
      ['calculator', { expression: '1 / 0' }, 'tool.bad_expression'],
      ['calculator', {}, 'tool.bad_arguments'],
      ['calculator', { expression: '1+'.repeat(300) }, 'tool.bad_arguments'],
      ['current_time', { time_zone: 'Mars/Olympus' }, 'tool.bad_time_zone'],
      ['search_knowledge', { query: 'ferry', collection: 'nowhere' }, 'rag.collection_not_found', 404],
      ['search_knowledge', { query: 'ferry', top_k: 11 }, 'tool.bad_arguments'],
      ['read_document', { doc_id: '019aa4c5-8a52-7c3e-9f34-0242ac120002' }, 'rag.document_not_found', 404],
      ['read_document', { doc_id: document, length: 8_001 }, 'tool.bad_arguments'],
      ['query_statistics', { report: 'timeseries', interval: 'minute', window: '90d' }, 'analytics.invalid_window'],
    ];
    for (const [name, args, code, status = 400] of failures) expect(await attempt(name, args), JSON.stringify(args)).toMatchObject({ status, body: { code, detail: expect.stringMatching(/\.$|expected/) } });
  });

  it('takes or refuses hostile arguments; none makes a tool fail', async () => {
    const good: Record<string, Record<string, unknown>> = {
      calculator: { expression: '1' },
      current_time: {},
      search_knowledge: { query: 'ferry' },
      read_document: { doc_id: document },
      query_statistics: { report: 'timeseries' },
    };
    const hostile = ['', ' ', '\u0000', 'a\u0000b', '\ud800', '🙂'.repeat(100), "'; DROP TABLE documents; --", '((((', '%_*?[', 'constructor', '-1', 'x'.repeat(3_000), -1, 0, 2_147_483_648, 1e308, 0.5, true, null, [], {}, ['a'], '1d', '999999d', '99999999999999999999d', 'Etc/GMT+0', '../../etc/passwd'];
    for (const { name, parameters } of (await api.get('/v1/tools')).body.items) {
      for (const property of Object.keys(parameters.properties)) {
        for (const value of hostile) {
          const { status, text } = await attempt(name, { ...good[name], [property]: value });
          expect(status, `${name} ${property} ${JSON.stringify(value)}: ${text.slice(0, 300)}`).toBeLessThan(500);
        }
      }
    }
  });

  it('reads what a key may read and no more', async () => {
    const asker = await keyWith('answers:ask');
    expect((await run('calculator', { expression: '1+1' }, asker)).ok).toBe(true);
    for (const name of ['search_knowledge', 'read_document', 'query_statistics']) expect(await attempt(name, {}, asker)).toMatchObject({ status: 403, body: { code: 'tool.forbidden' } });
  });

  it('answers 404 for a tool that is none, 400 for arguments that are no object', async () => {
    expect(await api.post('/v1/tools/steam/run', {})).toMatchObject({ status: 404, body: { code: 'engine.tool_not_found' } });
    expect(await api.post('/v1/tools/calculator/run', { arguments: '1+1' })).toMatchObject({ status: 400 });
  });

  it('of another tenant sees nothing of this one', async () => {
    const other = api.as((await api.post('/tenants', { slug: 'other', name: 'Other' })).body.owner_key);
    expect((await run('search_knowledge', { query: 'ferry' }, other)).result.passages).toEqual([]);
    expect(await attempt('read_document', { doc_id: document }, other)).toMatchObject({ status: 404, body: { code: 'rag.document_not_found' } });
  });
});
