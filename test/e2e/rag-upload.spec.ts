import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, eventually, type Json } from '../support/api.js';
import { bomb, docx, pdf, sampleFiles } from '../support/documents.js';
import { startServer, type TestServer } from '../support/server.js';
import { storedFiles } from '../support/stored-files.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const shared = join(resolve(root, process.env.AI_STACK_DATA ?? '../shared/data'), 'docs');

let server: TestServer;
let api: Api;
beforeAll(async () => {
  server = await startServer({ env: { UPLOAD_LIMIT_MB: '4', UPLOAD_MAX_FILES: '20' } });
  api = new Api(server.url, server.ownerKey);
});
afterAll(() => server.stop());

const temporaryFiles = () => readdirSync(join(server.dataDirectory, 'tmp'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

describe('every format', () => {
  const files = sampleFiles((format) => `The ${format} file speaks of the heron called ${format}bird.`);

  it('is read in one upload that waits', async () => {
    const { status, body } = await api.upload(files, { wait: 'true', metadata: '{"batch":1}' });
    expect(status).toBe(200);
    expect(body.items.map(({ filename, status: state, error }: Json) => [filename, state, error])).toEqual(files.map(({ name }) => [name, 'ready', null]));
    for (const { doc_id, filename } of body.items) {
      const format = filename.split('.')[1];
      const { content } = (await api.get(`/rag/documents/${doc_id}/content`)).body;
      expect(content).toContain(`The ${format} file speaks of the heron called ${format}bird.`);
      expect(content).not.toMatch(/ignored\(\)/);
      const [found] = await api.search(`${format}bird`, { mode: 'keyword', filter: { batch: 1 } });
      expect(found, filename).toMatchObject({ doc_id });
      expect(content.slice(found.start, found.end)).toBe(found.text);
      expect((await api.get(`/rag/documents/${doc_id}`)).body).toMatchObject({ filename, bytes: files.find(({ name }) => name === filename)?.content.length, metadata: { batch: 1 } });
    }
    expect(temporaryFiles()).toEqual([]);
  });

  it('is known by its content when name and type say nothing', async () => {
    const { body } = await api.upload([{ name: 'unnamed', content: pdf('Nothing tells that this is a PDF.'), type: 'application/octet-stream' }, { name: 'wrong.txt', content: docx('This is Word under a false name.'), type: 'text/plain' }], { wait: 'true' });
    expect(body.items.map(({ status, error }: Json) => [status, error])).toEqual([['ready', null], ['ready', null]]);
    expect((await api.search('Word under a false name', { mode: 'keyword' }))[0].doc_id).toBe(body.items[1].doc_id);
  });

  it.each([
    ['GBK', Buffer.from('d5e2b7ddcad6b2e1b9e6b6a8c3bfccecd1b2bcecc1bdb4cec9e8b1b8a3acb2a2bcc7c2bcd4dad6b5b0e0c8d5d6bed6d0a1a3cbf9d3d0c8cbd4b1b1d8d0ebd7f1cad8a1a3', 'hex'), '这份手册规定每天巡检两次设备'],
    ['Big5', Buffer.from('b36fa5f7a4e2a555b357a977a843a4d1a8b5c0cba8e2a6b8b35db3c6a141a8c3b04fbffda662adc8af5aa4e9bb78a4a4a143a9d2a6b3a448adfba5b2b6b7bfeda675a143', 'hex'), '這份手冊規定每天巡檢兩次設備'],
    ['UTF-16 with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('这份手册规定每天巡检两次设备。', 'utf16le')]), '每天巡检两次设备'],
    ['UTF-8 with a mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('港口手册说明锚地的位置。')]), '港口手册说明锚地的位置。'],
  ])('recognises %s', async (_name, content, expected) => {
    const { body } = await api.upload([{ name: 'coded.txt', content }], { wait: 'true' });
    const text = (await api.get(`/rag/documents/${body.items[0].doc_id}/content`)).body.content;
    expect(text).toContain(expected);
    expect(text).not.toContain('\ufeff');
  });
});

describe('a file without wait', () => {
  it('is queued, shows its way and becomes searchable', async () => {
    const { status, body } = await api.upload([{ name: 'later.md', content: `# Later\n\n${'The pelican waits for the evening tide. '.repeat(50)}` }]);
    expect(status).toBe(202);
    const [{ doc_id, task_id, status: state }] = body.items;
    expect(task_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(['queued', 'processing', 'ready']).toContain(state);
    const done = await eventually(() => api.get(`/rag/documents/${doc_id}`), (answer) => answer.body.status === 'ready');
    expect(done.body).toMatchObject({ title: 'Later', task_id, chunk_count: expect.any(Number), progress: null });
    // The index follows soon; whoever cannot wait uploads with wait=true.
    await eventually(() => api.search('pelican', { mode: 'keyword' }), ([found]) => found?.doc_id === doc_id);
  });

  it('is stored once, in one upload and in two', async () => {
    const twin = { content: 'Twins look alike to everybody.' };
    const first = await api.upload([{ name: 'a.txt', ...twin }, { name: 'b.txt', ...twin }], { wait: 'true' });
    expect(first.body.items.map(({ duplicate }: Json) => duplicate)).toEqual([false, true]);
    const second = await api.upload([{ name: 'c.txt', ...twin }], { wait: 'true' });
    expect(second.body.items[0]).toMatchObject({ duplicate: true, status: 'ready', doc_id: first.body.items[0].doc_id });
    const known = (await api.get('/rag/documents', { page_size: 200 })).body.items.map((item: Json) => item.doc_id);
    const stored = storedFiles(server.dataDirectory);
    expect(stored).not.toEqual([]);
    for (const path of stored) expect(known).toContain(basename(path));
  });

  it.each([
    ['of a data folder that is gone', (path: string) => `UPDATE tenant_default.documents SET status = 'queued', file_path = regexp_replace(file_path, '^[^/]+', gen_random_uuid()::text) WHERE file_path = '${path}'`],
    ['that is gone', (path: string) => `UPDATE tenant_default.documents SET status = 'queued', file_path = file_path || '-gone' WHERE file_path = '${path}'`],
  ])('is kept when the same content waits for a file %s', async (name, lose) => {
    const content = `The content of a document that waits for a file ${name}.`;
    const [{ doc_id }] = (await api.upload([{ name: 'first.txt', content }], { wait: 'true' })).body.items;
    const path = storedFiles(server.dataDirectory).find((stored) => basename(stored) === doc_id) ?? '';
    const database = new pg.Client(server.databaseUrl);
    await database.connect();
    await database.query(lose(relative(join(server.dataDirectory, 'files'), path)));
    const again = await api.upload([{ name: 'second.txt', content }], { wait: 'true' });
    expect(again.body.items[0]).toMatchObject({ doc_id, status: 'ready', error: null });
    await database.end();
  });
});

describe('files that cannot be read', () => {
  const scanned = pdf('').slice();
  const cases: [string, { name: string; content: Uint8Array | string }, string, RegExp][] = [
    ['empty', { name: 'empty.pdf', content: '' }, 'empty', /empty/],
    ['white space only', { name: 'blank.txt', content: ' \n\t\n ' }, 'no_text', /no text/],
    ['a PDF without text', { name: 'scan.pdf', content: scanned }, 'no_text', /OCR/],
    ['cut off', { name: 'cut.docx', content: docx('This one is cut off in the middle of the file.').subarray(0, 200) }, 'corrupt', /damaged|cut off/],
    ['no PDF at all', { name: 'fake.pdf', content: '%PDF-1.7\nthis is not one' }, 'corrupt', /PDF/],
    ['a program', { name: 'tool.exe', content: Uint8Array.from([0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0xff, 0xff, 0, 0, ...new Array<number>(300).fill(0)]) }, 'unsupported', /./],
    ['a gzip archive', { name: 'data.tgz', content: gzipSync('packed') }, 'unsupported', /./],
    ['a zip bomb', { name: 'bomb.docx', content: bomb(400) }, 'too_large|memory|timeout', /./],
  ];

  it('fail with a reason that a person understands, leave nothing behind, and the server stays well', async () => {
    const beside = probe();
    const { status, body } = await api.upload(cases.map(([, file]) => file), { wait: 'true' });
    const slowest = await beside();
    expect(status).toBe(200);
    for (const [index, [name, file, code, message]] of cases.entries()) {
      const { doc_id, status: state, error } = body.items[index];
      expect([name, state], JSON.stringify(error)).toEqual([name, 'failed']);
      expect(error.code, name).toMatch(new RegExp(`^(${code})$`));
      expect(error.message, name).toMatch(message);
      expect(error.message).not.toMatch(/undefined|\[object|at .*\.js:|ENOENT|\/shm\/|\/tmp\//);
      expect((await api.get(`/rag/documents/${doc_id}`)).body).toMatchObject({ status: 'failed', filename: file.name, chunk_count: 0, error, progress: null });
      expect((await api.get(`/rag/documents/${doc_id}/chunks`)).body.items).toEqual([]);
      expect((await api.get(`/rag/documents/${doc_id}/content`)).status).toBe(409);
    }
    // The files keep a processor busy for much longer.
    expect(slowest).toBeLessThan(20_000);
    const { body: stats } = await api.get('/rag/stats');
    expect(stats.index.chunks).toBe(stats.chunks);
    expect((await api.upload([{ name: 'after.txt', content: 'After all that a heron is still welcome.' }], { wait: 'true' })).body.items[0].status).toBe('ready');
  });

  it('may be sent again: a failure is not remembered as a duplicate', async () => {
    const [first, second] = [await api.upload([{ name: 'again.pdf', content: '%PDF-broken' }], { wait: 'true' }), await api.upload([{ name: 'again.pdf', content: '%PDF-broken' }], { wait: 'true' })];
    expect(second.body.items[0]).toMatchObject({ status: 'failed', duplicate: false });
    expect(second.body.items[0].doc_id).not.toBe(first.body.items[0].doc_id);
    expect((await api.get('/rag/documents', { status: 'failed', q: 'again.pdf' })).body.total).toBe(2);
    expect((await api.delete(`/rag/documents/${first.body.items[0].doc_id}`)).status).toBe(204);
  });
});

describe('requests that are refused whole', () => {
  it('a file above the limit: 413, nothing stored', async () => {
    const before = (await api.get('/rag/documents')).body.total;
    const { status, body } = await api.upload([{ name: 'small.txt', content: 'Small and good.' }, { name: 'large.txt', content: 'x'.repeat(4 * 1024 * 1024 + 1) }]);
    expect([status, body.code]).toEqual([413, 'http.too_large']);
    expect(body.detail).toContain('large.txt');
    expect((await api.get('/rag/documents')).body.total).toBe(before);
    expect(temporaryFiles()).toEqual([]);
  });

  it('more files than allowed: 413', async () => {
    const { status } = await api.upload(Array.from({ length: 21 }, (_, n) => ({ name: `${n}.txt`, content: `File number ${n}.` })));
    expect(status).toBe(413);
    expect(temporaryFiles()).toEqual([]);
  });

  it('no multipart: 415; no file: 400; wrong fields: 400; an unknown collection: 404', async () => {
    expect((await api.post('/rag/documents', { files: [] })).status).toBe(415);
    expect((await api.call('POST', '/rag/documents', { body: 'plain', headers: { 'content-type': 'text/plain' } })).status).toBe(415);
    expect(await api.upload([])).toMatchObject({ status: 400, body: { code: 'rag.no_files' } });
    const file = [{ name: 'refused.txt', content: 'This file is in a refused request.' }];
    for (const [field, value] of [['metadata', '{'], ['metadata', '[]'], ['metadata', `{"a":${'['.repeat(8_000)}${']'.repeat(8_000)}}`], ['metadata', '{"a":"\\u0000"}'], ['wait', 'perhaps'], ['collection', '']] as const) {
      const { status, body } = await api.upload(file, { [field]: value });
      expect([field, value, status, body.errors?.[0]?.path]).toEqual([field, value, 400, field]);
    }
    expect(await api.upload(file, { collection: 'nowhere' })).toMatchObject({ status: 404, body: { code: 'rag.collection_not_found' } });
    expect((await api.get('/rag/documents', { q: 'refused.txt' })).body.total).toBe(0);
    expect(temporaryFiles()).toEqual([]);
  });

  it('a body that breaks off: 400 or no answer, nothing stored', async () => {
    const head = '--cut\r\nContent-Disposition: form-data; name="files"; filename="cut.txt"\r\nContent-Type: text/plain\r\n\r\nhalf of a fi';
    const { status } = await api.call('POST', '/rag/documents', { body: head, headers: { 'content-type': 'multipart/form-data; boundary=cut' } });
    expect(status).toBe(400);
    expect((await api.call('POST', '/rag/documents', { body: 'x', headers: { 'content-type': 'multipart/form-data' } })).status).toBeLessThan(500);
    expect(temporaryFiles()).toEqual([]);
  });

  it('survives hostile names and types', async () => {
    const { status, body } = await api.upload(
      [
        { name: '../../etc/passwd', content: 'A name that climbs.' },
        { name: `${'long'.repeat(200)}.txt`, content: 'A name that is long.' },
        { name: 'typed.txt', content: 'A type that is long.', type: `text/${'x'.repeat(400)}` },
        { name: '报告 "最终".txt', content: 'A name that is Chinese.' },
      ],
      { wait: 'true' },
    );
    expect(status).toBe(200);
    expect(body.items.map((item: Json) => item.status)).toEqual(['ready', 'ready', 'ready', 'ready']);
    expect(body.items[0].filename).toBe('passwd');
    expect(body.items[3].filename).toContain('报告');
  });

  it('repeats the answer to a repeated Idempotency-Key, and refuses other files under it', async () => {
    const send = (content: string, more: object = {}) => api.upload([{ name: 'keyed.txt', content }], { wait: 'true', ...more }, { headers: { 'idempotency-key': 'upload-1' } });
    const [first, second] = [await send('Version one of the lockkeeper.'), await send('Version one of the lockkeeper.')];
    expect(first.status).toBe(200);
    expect(second).toMatchObject({ status: first.status, body: first.body });
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    const refused = { status: 409, body: { code: 'idempotency.key_reused' } };
    expect(await send('Version two of the lockkeeper.')).toMatchObject(refused);
    expect(await send('Version one of the lockkeeper.', { metadata: '{"other":1}' })).toMatchObject(refused);
    expect(await streamed('Version two of the lockkeeper.')).toEqual({ status: 409 });
    expect(temporaryFiles()).toEqual([]);
  });
});

/** The same upload with a body of unknown length. */
async function streamed(content: string): Promise<{ status: number }> {
  const text = `--cut\r\nContent-Disposition: form-data; name="wait"\r\n\r\ntrue\r\n--cut\r\nContent-Disposition: form-data; name="files"; filename="keyed.txt"\r\n\r\n${content}\r\n--cut--\r\n`;
  const headers = { authorization: `Bearer ${server.ownerKey}`, 'content-type': 'multipart/form-data; boundary=cut', 'idempotency-key': 'upload-1' };
  const { status } = await fetch(`${server.url}/rag/documents`, { method: 'POST', headers, body: new Blob([text]).stream(), duplex: 'half' } as RequestInit);
  return { status };
}

if (!existsSync(shared)) console.warn('SKIPPED: the shared documents are absent (set AI_STACK_DATA)');
describe.skipIf(!existsSync(shared))('documents of the shared collection (AI_STACK_DATA)', () => {
  const expectations: [string, string, string][] = [
    ['zh/stress009.docx', 'ready', ''],
    ['zh/issue-914-xmp-data.pdf', 'ready', ''],
    ['zh/54880_chinese.ppt', 'failed', 'unsupported'],
    ['zh/gbk.zip', 'failed', 'unsupported'],
    ['encrypted/password.pdf', 'failed', 'encrypted'],
    ['encrypted/testWORD_protected_passtika.docx', 'failed', 'encrypted'],
    ['encrypted/r3-empty-password.pdf', 'ready', ''],
    ['corrupt/truncated62886.docx', 'failed', 'corrupt'],
    ['corrupt/issue15590.pdf', 'failed', 'corrupt|no_text'],
    ['corrupt/empty.pdf', 'failed', 'empty'],
    ['scanned/ocr_test.pdf', 'failed', 'no_text'],
    ['formats/stanley-cups-utf-16.csv', 'ready', ''],
    ['formats/fake-email-attachment.msg', 'ready', ''],
    ['formats/testRTFVarious.rtf', 'ready', ''],
  ];

  it('are read, or fail for the right reason', async () => {
    const files = expectations.map(([path]) => ({ name: path.split('/')[1] ?? path, content: readFileSync(join(shared, path)) }));
    const { body } = await api.upload(files, { wait: 'true' });
    for (const [index, [path, status, code]] of expectations.entries()) {
      const item = body.items[index];
      expect([path, item.status], JSON.stringify(item.error)).toEqual([path, status]);
      if (code) expect(item.error.code, path).toMatch(new RegExp(`^(${code})$`));
    }
    const [chinese] = body.items;
    const { content } = (await api.get(`/rag/documents/${chinese.doc_id}/content`)).body;
    const chunks = (await api.get(`/rag/documents/${chinese.doc_id}/chunks`, { page_size: 200 })).body.items;
    for (const { start, end, text } of chunks) expect(content.slice(start, end)).toBe(text);
  });
});

/** Asks for /health/live all the time. @returns ends it, with the slowest answer in milliseconds */
function probe(): () => Promise<number> {
  let going = true;
  let slowest = 0;
  const loop = (async () => {
    while (going) {
      const startedAt = performance.now();
      const { status } = await api.call('GET', '/health/live', { key: null });
      expect(status).toBe(200);
      slowest = Math.max(slowest, performance.now() - startedAt);
      await new Promise((done) => setTimeout(done, 100));
    }
  })();
  return async () => {
    going = false;
    await loop;
    return slowest;
  };
}
