import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** Marks that only a file has: of emphasis, code, comments, rows of tables, headings, quotes and items. */
const markdown = /\*\*|`|<!--|\s\|\s|(?:^|\] ?)[#>*-]+ /;

/** What the commands of a README send, in their order. */
function commandsOf(readme: string): { text: string; title: string; file: string; query: string } {
  const bodies = [...readme.matchAll(/-d '(\{.*\})'/g)].map(([, body = '']) => JSON.parse(body));
  return { ...bodies[0], ...bodies[1], file: /files=@(\S+)/.exec(readme)?.[1] ?? '' };
}

describe.each([[[]], [['--demo']]])('the first question, after npm start %j', (args) => {
  let server: TestServer;
  let api: Api;
  beforeAll(async () => {
    server = await startServer({ args });
    api = new Api(server.url, server.ownerKey);
  });
  afterAll(() => server.stop());

  it.each(['README.md', 'docs/zh/README.md'])('of %s has the text that was just added as its answer, and nothing else', async (path) => {
    const { text, title, file, query } = commandsOf(readFileSync(join(root, path), 'utf8'));
    const { doc_id } = await api.ingest(text, { title });
    const uploaded = await api.upload([{ name: basename(file), content: readFileSync(join(root, file), 'utf8') }], { wait: 'true' });
    expect(uploaded.body.items).toMatchObject([{ status: 'ready' }]);
    const { body } = await api.post('/smart-qa/chat', { query });
    expect(body).toMatchObject({ refused: false, answer: `${text} [1]`, citations: [{ index: 1, doc_id, title, start: 0, end: text.length, quote: text }] });
  });

  const ofTheDemo = [
    ['系统如何保证数据不丢失？', '系统不会丢失数据'],
    ['文档在哪里解析？', '文档在受内存和时间限制的子进程中解析。 [1]'],
    ['支持哪些文件格式？', 'docx'],
    ['Where are documents parsed?', 'child processes'],
    ['What should be backed up?', 'PostgreSQL and the folder files/ are what to back up. [1]'],
    ['How is the keyword index built?', 'BM25'],
  ] as const;
  it.each(args.includes('--demo') ? ofTheDemo : [])('is answered from the documents of this project: %s', async (query, expected) => {
    const { answer, refused, citations } = (await api.post('/smart-qa/chat', { query })).body;
    expect(refused).toBe(false);
    expect(answer).toContain(expected);
    expect(answer).not.toMatch(markdown);
    for (const { doc_id, start, end, quote } of citations) expect((await api.get(`/rag/documents/${doc_id}/content`)).body.content.slice(start, end)).toBe(quote);
  });
});
