/**
 * What reading documents costs: each format by this library beside the bare library under it, the start of a
 * contained child, and how long a hostile file lives in one. Prints Markdown tables.
 *
 *   npm run build && node dist/benchmarks/document-parsing.js
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parse as parseCsv } from 'csv-parse/sync';
import { strToU8, zipSync } from 'fflate';
import { Parser } from 'htmlparser2';
import { ContainedPool } from '#libs/contained-process';
import { parseFile } from '#libs/document-parsing';
import type { ParseJob, ParseOutcome } from '../libs/document-parsing/containment.fixture.js';
import { docxOf, zipBomb } from '../libs/document-parsing/parsing.fixture.js';

const megabyte = 2 ** 20;
const shared = join(resolve(process.env.AI_STACK_DATA ?? '../shared/data'), 'docs');
const minRounds = 3;
const budgetMs = 1500;

interface Subject {
  name: string;
  path: string;
  bare?: { name: string; read: (bytes: Buffer) => unknown };
}

/** CPU milliseconds of the quickest round: what other processes take from this one does not count. */
async function rounds(task: () => unknown): Promise<number> {
  await task();
  const times: number[] = [];
  for (const started = performance.now(); times.length < minRounds || performance.now() - started < budgetMs; ) {
    const before = process.cpuUsage();
    await task();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  return Math.min(...times);
}

/** Every page's text through pdf.js with the settings of its documentation. */
async function barePdf(bytes: Buffer): Promise<void> {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const cMapUrl = new URL('../cmaps/', import.meta.resolve('pdfjs-dist/legacy/build/pdf.mjs').replace('/build', '')).pathname;
  const pdf = await getDocument({ data: new Uint8Array(bytes), verbosity: 0, cMapUrl, cMapPacked: true }).promise;
  for (let page = 1; page <= pdf.numPages; page += 1) await (await pdf.getPage(page)).getTextContent();
  await pdf.loadingTask.destroy();
}

function bareHtml(bytes: Buffer): number {
  let characters = 0;
  const parser = new Parser({ ontext: (text) => (characters += text.length) });
  parser.end(bytes.toString());
  return characters;
}

const csvText = (rows: number): string => `id,name,city,amount\n${Array.from({ length: rows }, (_, row) => `${row},Name ${row},北京,${row * 1.5}`).join('\n')}`;

function xlsxOf(rows: number): Uint8Array {
  const row = (number: number) => `<row r="${number}"><c r="A${number}"><v>${number}</v></c><c r="B${number}" t="inlineStr"><is><t>Name ${number}</t></is></c><c r="C${number}"><v>${number * 1.5}</v></c></row>`;
  const parts = {
    'xl/workbook.xml': '<workbook><sheets><sheet name="Data" r:id="r1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': '<Relationships><Relationship Id="r1" Type="t/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${Array.from({ length: rows }, (_, index) => row(index + 1)).join('')}</sheetData></worksheet>`,
  };
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])));
}

async function generated(folder: string): Promise<Subject[]> {
  const paragraph = '<w:p><w:pPr><w:pStyle w:val="1"/></w:pPr><w:r><w:t>The quick brown fox jumps over the lazy dog, again and again and again.</w:t></w:r></w:p>';
  const files: [string, string, string | Uint8Array, Subject['bare']?][] = [
    ['txt 5 MB', 'a.txt', 'A sentence of plain text that goes on for a while.\n\n'.repeat(100_000), { name: 'TextDecoder', read: (bytes) => new TextDecoder().decode(bytes) }],
    ['csv 100,000 rows', 'a.csv', csvText(100_000), { name: 'csv-parse', read: (bytes) => parseCsv(bytes) as unknown }],
    ['docx 40,000 paragraphs', 'a.docx', docxOf(paragraph.repeat(40_000))],
    ['xlsx 100,000 rows', 'a.xlsx', xlsxOf(100_000)],
    ['html 3 MB', 'a.html', `<html><body>${'<div><h2>Head</h2><p>Some <b>text</b> &amp; more of it.</p></div>'.repeat(50_000)}</body></html>`, { name: 'htmlparser2', read: bareHtml }],
  ];
  return Promise.all(
    files.map(async ([name, filename, content, bare]) => {
      const path = join(folder, filename);
      await writeFile(path, content);
      return { name, path, bare };
    }),
  );
}

function sharedSubjects(): Subject[] {
  if (!existsSync(shared)) {
    console.log(`SKIPPED: the shared documents are not at ${shared} (set AI_STACK_DATA)\n`);
    return [];
  }
  const pdf = { name: 'pdfjs-dist', read: barePdf };
  return [
    { name: 'pdf, Chinese report', path: join(shared, 'zh/issue-67-example.pdf'), bare: pdf },
    { name: 'pdf, two columns', path: join(shared, 'layout/multi-column-2p.pdf'), bare: pdf },
    { name: 'pdf, 19 dense pages', path: join(shared, 'corrupt/testPDF_bad_page_303226.pdf'), bare: pdf },
    { name: 'epub', path: join(shared, 'formats/winter-sports.epub') },
    { name: 'html, encyclopaedia', path: join(shared, 'formats/wiki_duck.html'), bare: { name: 'htmlparser2', read: bareHtml } },
    { name: 'pptx', path: join(shared, 'formats/test.pptx') },
  ];
}

async function measureFormats(folder: string): Promise<void> {
  console.log('| document | size | CPU ms | rate | bare library, CPU ms | ratio |\n|---|---|---|---|---|---|');
  for (const { name, path, bare } of [...sharedSubjects(), ...(await generated(folder))]) {
    const bytes = readFileSync(path);
    const { pages } = await parseFile(path, { filename: basename(path) });
    const ms = await rounds(() => parseFile(path, { filename: basename(path) }));
    const bareMs = bare && (await rounds(() => bare.read(bytes)));
    const rate = pages ? `${Math.round(pages / (ms / 1000))} pages/s` : `${(bytes.length / megabyte / (ms / 1000)).toFixed(1)} MB/s`;
    const beside = bare && bareMs ? `${bare.name} ${bareMs.toFixed(1)} | ${(ms / bareMs).toFixed(2)}` : '– | –';
    console.log(`| ${name} | ${(bytes.length / 1024).toFixed(0)} kB | ${ms.toFixed(1)} | ${rate} | ${beside} |`);
  }
}

async function measureContainment(folder: string): Promise<void> {
  const pool = new ContainedPool<ParseJob, never, ParseOutcome>({
    entry: new URL('../libs/document-parsing/containment.fixture.js', import.meta.url),
    memoryLimitBytes: 512 * megabyte,
    timeoutMs: 20_000,
  });
  const blank = ' '.repeat(megabyte);
  const cases: [string, string, string | Uint8Array][] = [
    ['small text, child started for it', 'a.txt', 'One paragraph.'],
    ['small text, warm child', 'a.txt', 'One paragraph.'],
    ['ZIP bomb, 1.5 GB declared', 'bomb.docx', zipBomb('word/document.xml', blank, 1500)],
    ['ZIP bomb, size hidden', 'bomb.docx', zipBomb('word/document.xml', blank, 1500, 1000)],
    ['200,000 nested elements', 'nested.html', '<div>'.repeat(200_000)],
  ];
  console.log('\n| in a contained child | ended as | ms | parent blocked at most, ms |\n|---|---|---|---|');
  for (const [name, filename, content] of cases) {
    const path = join(folder, filename);
    await writeFile(path, content);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const started = performance.now();
    const outcome = await pool.run({ path, options: { filename } }).then(() => 'parsed', (error: { code: string }) => error.code);
    const ms = performance.now() - started;
    delay.disable();
    console.log(`| ${name} | ${outcome} | ${ms.toFixed(0)} | ${(delay.max / 1e6).toFixed(0)} |`);
  }
  await pool.close();
}

const folder = await mkdtemp(join(tmpdir(), 'document-parsing-'));
try {
  await measureFormats(folder);
  await measureContainment(folder);
} finally {
  await rm(folder, { recursive: true });
}
