import { afterAll, beforeAll, expect, it } from 'vitest';
import { Api, type Answer, type Json } from '../support/api.js';
import { readOperations, sampleOf, type Operation } from '../support/openapi.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
let api: Api;
let operations: Operation[];
beforeAll(async () => {
  server = await startServer({ env: { RATE_LIMIT_PER_MINUTE: '0' } });
  const operator = new Api(server.url, server.ownerKey);
  // A tenant of its own: what the fuzzing makes and drops is nobody's.
  const { owner_key } = (await operator.post('/tenants', { slug: 'fuzzed', name: 'Fuzzed' })).body;
  api = operator.as(owner_key);
  await api.ingest('Something is here to be found.');
  operations = await readOperations(api);
});
afterAll(() => server.stop());

const known = '019aa4c5-8a52-7c3e-9f34-0242ac120002';
const deep = (levels: number): Json => Array.from({ length: levels }).reduce<Json>((inner) => ({ a: inner }), 1);

/** Values that break most schemas, and some databases. */
const hostile: Json[] = [
  null, true, -1, 0, 1.5, 1e308, Number.MAX_SAFE_INTEGER + 1, '', ' ', '\u0000', 'a\u0000b', '\ud800', '\u202e', '💥'.repeat(300), "'; DROP TABLE documents; --", '%', '%_\\', '../../etc/passwd', '${7*7}', 'x'.repeat(50_000),
  [], [null], [[]], {}, { a: 1 }, { __proto__: null, constructor: 1 }, deep(200), deep(3_000), '2026-13-45T99:99:99Z', '99999999999999999999', 'NaN', '1e999',
];

async function expectSane(operation: Operation, answer: Answer, what: string): Promise<void> {
  const described = `${operation.name} with ${what.slice(0, 300)} → ${answer.status} ${answer.text.slice(0, 300)}`;
  expect(answer.status, described).toBeLessThan(500);
  if (answer.status < 400) return;
  expect(answer.headers.get('content-type'), described).toMatch(/^application\/(problem\+)?json/);
  expect(answer.text, described).not.toMatch(/node_modules|\.js:\d|QueryFailedError|invalid input syntax|SELECT |INSERT /);
}

const pathOf = ({ path }: Operation, id = known) => path.replaceAll(/\{\w+\}/g, encodeURIComponent(id));
const baseBody = ({ body, name }: Operation): Json => (body?.type === 'application/json' ? (body.example ?? sampleOf(body.schema, name)) : undefined);

it('answers hostile path parameters without a fault of its own', async () => {
  for (const operation of operations.filter(({ path }) => path.includes('{'))) {
    for (const id of ['x', '0', '%00', 'a'.repeat(299), 'a'.repeat(2_000), "' or 1=1", '../..', '00000000-0000-0000-0000-000000000000', known.toUpperCase(), '\u0000', '💥']) {
      await expectSane(operation, await api.call(operation.method, pathOf(operation, id), { body: baseBody(operation) }), `path ${id}`);
    }
  }
});

it('answers hostile query parameters without a fault of its own', async () => {
  for (const operation of operations) {
    const parameters = operation.parameters.filter((parameter) => parameter.in === 'query');
    const base = Object.fromEntries(parameters.filter(({ required }) => required).map(({ name, schema }) => [name, String(sampleOf(schema, `${operation.name} ${name}`))]));
    for (const { name } of parameters) {
      for (const value of hostile.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))).filter((item) => item.length < 8_000)) {
        await expectSane(operation, await api.call(operation.method, pathOf(operation), { query: { ...base, [name]: value }, body: baseBody(operation) }), `${name}=${value}`);
      }
      const twice = `${pathOf(operation)}?${name}=1&${name}=2&${name}[a]=3`;
      await expectSane(operation, await api.call(operation.method, twice, { body: baseBody(operation) }), 'a repeated parameter');
    }
  }
});

it('refuses or takes hostile bodies field by field, and whole', async () => {
  let refused = 0;
  let sent = 0;
  for (const operation of operations.filter(({ body }) => body?.type === 'application/json')) {
    const base = baseBody(operation);
    const fields = Object.keys(operation.body?.schema.properties ?? {});
    expect(fields.length, `${operation.name} documents its fields`).toBeGreaterThan(0);
    const bodies: [string, Json][] = [
      ...hostile.map((value): [string, Json] => ['the whole body', value]),
      ...fields.flatMap((field) => hostile.map((value): [string, Json] => [field, { ...base, [field]: value }])),
      ['an unknown field', { ...base, surely_unknown: 1 }],
    ];
    for (const [what, body] of bodies) {
      const answer = await api.call(operation.method, pathOf(operation), { body: JSON.stringify(body) });
      await expectSane(operation, answer, `${what}: ${JSON.stringify(body)}`);
      sent += 1;
      if (answer.status >= 400) refused += 1;
    }
  }
  expect(refused / sent).toBeGreaterThan(0.5);
});

it('answers hostile headers without a fault of its own', async () => {
  for (const operation of operations) {
    for (const headers of [{ 'idempotency-key': 'x'.repeat(300) }, { 'content-type': 'application/json; charset=utf-7' }, { 'if-none-match': '"'.repeat(500) }, { accept: 'image/png' }, { 'accept-encoding': 'zstd;q=1, *;q=0' }, { range: 'bytes=0-1' }, { 'last-event-id': '-1' }]) {
      await expectSane(operation, await api.call(operation.method, pathOf(operation), { headers: headers as unknown as Record<string, string>, body: baseBody(operation) }), JSON.stringify(headers));
    }
  }
});

it('is as well afterwards as before', async () => {
  expect((await api.get('/health/ready')).status).toBe(200);
  const { doc_id } = await api.ingest('The fuzzing is over and the garden is quiet.');
  expect((await api.search('quiet garden', { mode: 'keyword' }))[0].doc_id).toBe(doc_id);
  expect(server.logs()).not.toMatch(/"level":"(error|fatal)".*/);
});
