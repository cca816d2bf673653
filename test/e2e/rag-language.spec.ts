import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Api, type Json } from '../support/api.js';
import { makeDataDirectory, removeDataDirectory } from '../support/server-process.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
let api: Api;
const folder = makeDataDirectory();
const dictionary = join(folder, 'words.txt');

beforeAll(async () => {
  writeFileSync(dictionary, '云知声 nz\nOpenStack 10 n\n');
  server = await startServer({ env: { AI_STACK_USER_DICTIONARY: dictionary } });
  api = new Api(server.url, server.ownerKey);
});
afterAll(async () => {
  await server.stop();
  removeDataDirectory(folder);
});

const found = async (query: string, from = api) => [...new Set<string>((await from.search(query, { mode: 'keyword', top_k: 50 })).map((item: Json) => item.doc_id))];

describe('pinyin', () => {
  it('finds Chinese titles and headings by their words, in texts and in files', async () => {
    const titled = await api.ingest('命中率必须高于百分之七十。', { title: '缓存' });
    const headed = await api.ingest('# 数据库备份\n\n每天凌晨。\n\n## 中国银行\n\n每月一次。');
    const { body } = await api.upload([{ name: 'guide.md', content: '# 旅游指南\n\n带上雨伞。\n' }], { wait: 'true' });
    const { doc_id: uploaded } = body.items[0];
    expect(await found('huancun')).toEqual([titled.doc_id]);
    expect(await found('Shujuku')).toEqual([headed.doc_id]);
    expect(await found('shujukubeifen')).toEqual([headed.doc_id]);
    expect(await found('yinhang')).toEqual([headed.doc_id]);
    expect(await found('lvyou')).toEqual([uploaded]);
    expect(await found('luyou')).toEqual([uploaded]);
    expect((await api.search('huancun')).map((item: Json) => item.doc_id)).toContain(titled.doc_id);
    expect(await found('lingchen'), 'what is no title').toEqual([]);
  });
});

describe('AI_STACK_USER_DICTIONARY', () => {
  const sentence = '会议由云知声明天主持。';

  it('keeps words whole in this process, in its children and in questions; other documents are known as analysed otherwise', async () => {
    const small = await api.ingest(sentence);
    const large = await api.ingest(`${sentence}\n\n${'The weather was fine and the meeting was long. '.repeat(60)}`);
    expect((await found('明天')).sort()).toEqual([small.doc_id, large.doc_id].sort());
    expect(await found('声明')).toEqual([]);
    const { analyser, documents_outdated } = (await api.get('/rag/stats')).body;
    expect(documents_outdated).toBe(0);
    for (const { doc_id } of [small, large]) expect((await api.get(`/rag/documents/${doc_id}`)).body.analyser).toBe(analyser);

    const plain = await server.restart({ env: { AI_STACK_USER_DICTIONARY: '' } });
    const other = new Api(plain.url, server.ownerKey);
    const divided = await other.ingest(`之后${sentence}`);
    expect(await found('声明', other), 'without the dictionary the name is divided').toEqual([divided.doc_id]);
    const stats = (await other.get('/rag/stats')).body;
    expect(stats.analyser).not.toBe(analyser);
    const outdated = (await other.get('/rag/documents', { analyser: 'outdated', page_size: 200 })).body;
    expect(outdated.total).toBe(stats.documents_outdated);
    expect(outdated.items.map((item: Json) => item.doc_id)).toEqual(expect.arrayContaining([small.doc_id, large.doc_id]));
    expect((await other.get('/rag/documents', { analyser: 'current' })).body.items.map((item: Json) => item.doc_id)).toEqual([divided.doc_id]);
    await plain.stop();
  });

  it.each<[string, string | Uint8Array | undefined, string]>([
    ['no file', undefined, 'no such file'],
    ['a line that is no word', '云知声\n量霄 智库\n', 'line 2'],
    ['another encoding', Buffer.from([0xd4, 0xc6, 0xd6, 0xaa]), 'UTF-8'],
  ])('refuses to start with a clear message: %s', async (_name, content, said) => {
    const path = join(folder, 'wrong.txt');
    if (content !== undefined) writeFileSync(path, content);
    const failure = server.restart({ env: { AI_STACK_USER_DICTIONARY: path } });
    await expect(failure).rejects.toThrow(said);
    await expect(failure).rejects.toThrow(/ended with 1:[^]*The configuration is not usable:\n {2}- AI_STACK_USER_DICTIONARY=/);
  });
});
