import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, type Json } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
let api: Api;
beforeAll(async () => {
  server = await startServer({ env: { BODY_LIMIT_MB: '2', RATE_LIMIT_ANONYMOUS_PER_MINUTE: '0' } });
  api = new Api(server.url, server.ownerKey);
  for (let number = 0; number < 30; number += 1) await api.ingest(`Lighthouse number ${number} stands on its rock and is painted white and red.`);
});
afterAll(() => server.stop());

describe('JSON that nests deep', () => {
  it.each(['/rag/ingest', '/v1/chat/completions', '/mem0/memories', '/v1/tools/calculator/run'])('is refused by %s before it is parsed', async (path) => {
    const deep = `{"text":"x","metadata":{"a":${'['.repeat(400_000)}${']'.repeat(400_000)}}}`;
    const startedAt = performance.now();
    const { status, text } = await api.call('POST', path, { body: deep });
    expect([status, text]).toEqual([400, expect.stringContaining('The JSON body nests deeper than 100 levels.')]);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });
});

describe('a request that is not valid', () => {
  it('names every fault with its path', async () => {
    const { status, body, headers } = await api.post('/rag/search/batch', { queries: [{ query: 'fine' }, { query: '', top_k: 0, mode: 'psychic', unknown_field: true }] });
    expect([status, body.code]).toEqual([400, 'http.invalid_request']);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const paths = body.errors.map((error: Json) => error.path);
    expect(paths).toEqual(expect.arrayContaining(['queries.1.query', 'queries.1.top_k', 'queries.1.mode']));
    expect(JSON.stringify(body.errors)).toContain('unknown_field');
    for (const { message } of body.errors) expect(message.length).toBeGreaterThan(3);
  });

  it.each([
    ['malformed JSON', '{"text": "half'],
    ['an empty body', ''],
    ['a number', '42'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a wrong type', '{"text": {"a": 1}}'],
    ['an unknown field', '{"text": "x", "txet": "y"}'],
    ['a prototype', '{"text": "x", "__proto__": {"admin": true}}'],
    ['a constructor', '{"text": "x", "constructor": {"prototype": {"admin": true}}}'],
    ['a NUL character', '{"text": "a\\u0000b"}'],
    ['a NUL in metadata', '{"text": "x", "metadata": {"a": "\\u0000"}}'],
    ['half a surrogate pair in metadata', '{"text": "x", "metadata": {"a": "\\ud800"}}'],
    ['white space', '{"text": " \\n "}'],
  ])('is refused with 400: %s', async (_name, body) => {
    const answer = await api.call('POST', '/rag/ingest', { body });
    expect(answer.status, answer.text).toBe(400);
    expect(answer.body).toMatchObject({ status: 400, code: expect.stringMatching(/^http\./), trace_id: expect.any(String) });
  });

  it('that is absent needs no other headers than one that is there', async () => {
    const nobody = '019aa4c5-8a52-7c3e-9f34-0242ac120007';
    const headers = { 'content-type': 'application/json' };
    const answers = await Promise.all([api.call('POST', `/smart-qa/chat/${nobody}/cancel`, { body: '', headers }), api.call('DELETE', `/v1/memories/${nobody}`, { body: '', headers }), api.call('DELETE', `/mem0/memories/${nobody}/`, { body: '', headers })]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  });

  it('of another media type gets 415, above the limit 413, for a wrong method or path 404 or 405, all as problems', async () => {
    const answers = [
      [415, await api.call('POST', '/rag/ingest', { body: '<text/>', headers: { 'content-type': 'application/xml' } })],
      [413, await api.post('/rag/ingest', { text: 'x'.repeat(2 * 1024 * 1024) })],
      [404, await api.get('/rag/nowhere')],
      [404, await api.get('/rag/documents/not-an-id/never')],
      [404, await api.call('PUT', '/rag/ingest', { body: {} })],
      [400, await api.get('/rag/documents/not-an-id')],
      [400, await api.get('/rag/documents/%00')],
      [400, await api.get('/rag/documents/%E0%A4%A')],
    ] as const;
    for (const [status, answer] of answers) {
      expect(answer.status, answer.text).toBe(status);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(answer.body).toMatchObject({ status, trace_id: expect.any(String) });
    }
  });

  it('keeps half a surrogate pair out of the way: the text is stored and found', async () => {
    const { doc_id } = await api.ingest('Broken \ud83d glyph beside the orchid.');
    const { content } = (await api.get(`/rag/documents/${doc_id}/content`)).body;
    expect(content).toHaveLength('Broken \ud83d glyph beside the orchid.'.length);
    expect((await api.search('orchid', { mode: 'keyword' }))[0].doc_id).toBe(doc_id);
  });

  it('is survived when it is no HTTP at all', async () => {
    for (const bytes of ['\x16\x03\x01 not http\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 'POST /rag/ingest HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n']) {
      expect(await sendRaw(bytes)).toMatch(/^HTTP\/1\.1 4\d\d |^$/);
    }
    expect((await api.get('/health/live')).status).toBe(200);
  });
});

describe('the body of a stranger', () => {
  const begin = (path: string, headers = '', { type = 'application/json', patienceMs = 30_000 } = {}) => sendRaw(`POST ${path} HTTP/1.1\r\nHost: x\r\n${headers}Content-Type: ${type}\r\nContent-Length: 2000000\r\n\r\n{"text": "`, patienceMs);

  it('is not waited for: the answer comes without it', async () => {
    expect(await begin('/rag/ingest')).toMatch(/^HTTP\/1\.1 401 [^]*auth\.no_key/);
    expect(await begin('/rag/documents', '', { type: 'multipart/form-data; boundary=x' })).toMatch(/^HTTP\/1\.1 401 /);
    expect(await begin('/v1/chat/completions', 'Authorization: Bearer ask_wrong\r\n')).toMatch(/^HTTP\/1\.1 401 [^]*"code":"auth\.invalid_key"/);
    expect(await begin('/nowhere')).toMatch(/^HTTP\/1\.1 404 /);
    expect(await begin('/rag/ingest', `Authorization: Bearer ${server.ownerKey}\r\n`, { patienceMs: 500 })).toBe('');
  });

  it('is read where it must be, when it is small', async () => {
    const token = (client_secret: string) => api.call('POST', '/auth/token', { key: null, body: { grant_type: 'client_credentials', client_id: '019aa4c5-8a52-7c3e-9f34-0242ac120002', client_secret } });
    expect((await token('x'.repeat(200))).status).toBe(401);
    expect((await token('x'.repeat(5_000))).status).toBe(413);
  });
});

describe('a response', () => {
  it('carries the caller\'s request id, or one of its own', async () => {
    const given = await api.call('GET', '/auth/me', { headers: { 'x-request-id': 'trace-42.a:b' } });
    expect(given.headers.get('x-request-id')).toBe('trace-42.a:b');
    const failed = await api.call('GET', '/rag/nowhere', { headers: { 'x-request-id': 'trace-43' } });
    expect(failed.body.trace_id).toBe('trace-43');
    for (const wrong of ['a b', 'x'.repeat(200), '<script>']) {
      const { headers } = await api.call('GET', '/auth/me', { headers: { 'x-request-id': wrong } });
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('has an ETag, and 304 without a body when it is known', async () => {
    const first = await api.get('/rag/documents');
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^(W\/)?".+"$/);
    const second = await api.call('GET', '/rag/documents', { headers: { 'if-none-match': etag } });
    expect([second.status, second.text]).toEqual([304, '']);
    await api.ingest('A new lighthouse changes the list.');
    expect((await api.call('GET', '/rag/documents', { headers: { 'if-none-match': etag } })).status).toBe(200);
  });

  it('lets caches keep what is everybody\'s; what is a caller\'s own only with the caller, secrets and failures nowhere', async () => {
    const caching = async (method: string, path: string, call: object = {}) => {
      const { headers } = await api.call(method, path, call);
      return [headers.get('cache-control'), headers.get('vary')];
    };
    const own = ['private, no-cache', 'authorization, x-api-key'];
    const etag = (await api.get('/rag/documents')).headers.get('etag') ?? '';
    expect(await caching('GET', '/auth/me')).toEqual(own);
    expect(await caching('GET', '/rag/documents', { headers: { 'if-none-match': etag, 'accept-encoding': 'identity' } })).toEqual(own);
    expect(await caching('POST', '/api-keys', { body: { name: 'kept nowhere', permissions: ['search:query'] } })).toEqual(['no-store', null]);
    expect((await caching('GET', '/rag/nowhere'))[0]).toBe('no-store');
    expect((await caching('GET', '/health/ready', { key: null }))[0]).toBe('no-store');
    for (const path of ['/openapi.json', '/docs']) expect((await caching('GET', path, { key: null }))[0]).toBe('public, max-age=300');
    expect((await raw('/rag/documents?page_size=50', 'gzip')).headers.vary).toBe('authorization, x-api-key, accept-encoding');
  });

  it.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ] as const)('is compressed with %s when large, and plain when small', async (encoding, decompress) => {
    const large = await raw('/rag/documents?page_size=50', encoding);
    expect(large.headers['content-encoding']).toBe(encoding);
    expect(JSON.parse(decompress(large.body).toString()).items.length).toBeGreaterThan(20);
    expect(large.headers.vary).toMatch(/accept-encoding/i);
    expect((await raw('/auth/me', encoding)).headers['content-encoding']).toBeUndefined();
    expect((await raw('/rag/documents?page_size=50', 'identity')).headers['content-encoding']).toBeUndefined();
  });

  it('tells the budget of the key', async () => {
    const { headers } = await api.get('/auth/me');
    expect(Number(headers.get('ratelimit-limit'))).toBe(60_000);
    expect(Number(headers.get('ratelimit-remaining'))).toBeLessThan(60_000);
    expect(Number(headers.get('ratelimit-reset'))).toBeGreaterThan(0);
    for (const failed of [await api.get('/rag/nowhere'), await api.post('/rag/search', '{')]) expect(failed.headers.get('ratelimit-limit')).toBe('60000');
    expect((await api.call('GET', '/auth/me', { key: null })).headers.get('ratelimit-limit'), 'without a limit').toBeNull();
  });

  it('to HEAD has no body; to OPTIONS nothing that opens the API to other sites', async () => {
    const head = await api.call('HEAD', '/health/live', { key: null });
    expect([head.status, head.text]).toEqual([200, '']);
    const options = await api.call('OPTIONS', '/rag/documents', { key: null, headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' } });
    expect(options.status).toBeLessThan(500);
    expect(options.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('of the probes names each dependency, without a key', async () => {
    const ready = await api.call('GET', '/health/ready', { key: null });
    expect(ready).toMatchObject({ status: 200, body: { status: expect.stringMatching(/^(ok|degraded)$/), details: { database: { status: 'up' }, engines: { status: 'up', states: { extractive: 'up' } }, disk: { free_bytes: expect.any(Number) } } } });
    expect(ready.body.details).not.toHaveProperty('embedding');
    expect((await api.call('GET', '/health/startup', { key: null })).status).toBe(200);
  });
});

function raw(path: string, encoding: string): Promise<{ headers: Record<string, string | string[] | undefined>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(new URL(path, server.url), { headers: { authorization: `Bearer ${server.ownerKey}`, 'accept-encoding': encoding } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }));
    });
    request.once('error', reject);
    request.end();
  });
}

/** @returns the answer, and what came of it by then when the connection stays open */
function sendRaw(bytes: string, patienceMs = 3_000): Promise<string> {
  const { port, hostname } = new URL(server.url);
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setTimeout(patienceMs, () => socket.destroy());
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      // The rest of it is on its way.
      socket.setTimeout(2_000);
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(answer));
  });
}
