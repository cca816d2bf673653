import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ParsedDocument } from './document.types.js';
import type { ParseError } from './parse-error.js';
import { parseFile } from './parse-file.js';

const folder = join(resolve(process.env.AI_STACK_DATA ?? '../shared/data'), 'docs');
const manifest = join(folder, 'MANIFEST.csv');

interface Expectation {
  error?: string;
  /** Pieces of text that must come out, in this order. */
  holds?: string[];
  lacks?: string[];
  pages?: number;
  warns?: string;
  /** Blocks of this kind that must be there at least. */
  blocks?: Partial<Record<string, number>>;
  password?: string;
}

const expectations: Record<string, Expectation> = {
  'zh/issue-67-example.pdf': {
    pages: 22,
    holds: ['第一节 重要提示', '不存在虚假记载', '| 营业收入（元） | 4,755,785.11 | 5,699,227.63 | -16.55% |', '归属于上市公司股东的扣除非经常性损益的净利润（元） | -7,889,855.34'],
    blocks: { heading: 20, table: 20 },
  },
  'zh/issue-914-xmp-data.pdf': { pages: 1, holds: ['商品编码', '302000001', '华联粉条'], blocks: { table: 1 } },
  'zh/stress009.docx': { holds: ['NANDrive 微型固态硬盘设计方案', '- 传输接口\n  - 工业标准IDE/ATA总线接口'], blocks: { heading: 5, list: 2 } },
  'zh/54880_chinese.ppt': { error: 'unsupported' },
  'zh/chinese-provinces.xls': { error: 'unsupported' },
  'zh/gbk.zip': { error: 'unsupported' },
  'encrypted/r3-empty-password.pdf': { pages: 1, blocks: { paragraph: 1 } },
  'encrypted/password.pdf': { error: 'encrypted' },
  'encrypted/testWORD_protected_passtika.docx': { error: 'encrypted' },
  'corrupt/truncated62886.docx': { error: 'corrupt' },
  'corrupt/testPDF_bad_page_303226.pdf': { pages: 19, warns: 'page_damaged', holds: ['Native American Church', 'Ketobemidone'] },
  'corrupt/issue15590.pdf': { error: 'corrupt' },
  'corrupt/empty.pdf': { error: 'empty' },
  'scanned/ocr_test.pdf': { error: 'no_text' },
  'scanned/pdf-with-ocr-text.pdf': { pages: 1, blocks: { paragraph: 1 } },
  'tables/nics-background-checks-2015-11.pdf': {
    holds: ['NICS Firearm Background Checks', '| Alabama | 18,870 | 23,022 | 22,650 | 859 | 1,178 | 0 |', '| Wyoming |'],
    blocks: { table: 1 },
  },
  'tables/SPARSE-2024-INV-1234_borderless_table.pdf': {
    pages: 2,
    holds: ['INVENTORY RECONCILIATION REPORT', '| Product Code | Location | Expected | Actual | Variance | Status |', '| SKU-4563 | D-22 |  | 156 |  | CRITICAL |', '| SKU-6678 | Software | $200.00 | $42,000.00 | 2024-10-25 | High Value |'],
  },
  'tables/SPARSE-2024-INV-1234_borderless_table.md': { blocks: { table: 2 } },
  'tables/xlsx-subtable-cases.xlsx': { holds: ['Sheet1', '| a | b |', '| c | d |  | e |'], blocks: { table: 8 } },
  'layout/multi-column-2p.pdf': {
    pages: 2,
    // The left column wholly before the right one; words divided at the line's end made whole.
    holds: ['Dense Passage Retrieval for Open-Domain', 'relies on efficient passage retrieval', '1 Introduction', 'Retrieval in open-domain QA is usually implemented', 'QA datasets, it also suffers', '3 Dense Passage Retriever (DPR)'],
    lacks: ['ef-ficient', 'ef- ficient'],
    blocks: { heading: 5 },
  },
  'layout/2305.03393v1-pg9.pdf': { holds: ['5.1 Hyper Parameter Optimization', 'Table 1. HPO performed in OTSL', '0.965', '5.2 Quantitative Results', 'reduced sequence representation'], blocks: { table: 1, heading: 2 } },
  'layout/2305.03393v1-pg9.md': { blocks: { heading: 2 } },
  'formats/winter-sports.epub': { holds: ['WINTER SPORTS', 'SWITZERLAND'], blocks: { heading: 20, paragraph: 500 } },
  'formats/testRTFVarious.rtf': { holds: ['- Bullet 1', '1) Number bullet 1', '| Row 1 Col 1 | Row 1 Col 2 | Row 1 Col 3 |', 'ゾルゲと尾崎、淡々と最期', '𐌲𐌿𐍄𐌹𐍃𐌺'] },
  'formats/eng_spa_mult.odt': { holds: ['All human beings are born free', 'Todos los seres humanos'], blocks: { paragraph: 5 } },
  'formats/email-no-utf8-2008-07-16.062410.eml': { holds: ['RE: שלום'] },
  'formats/mime-word-encoded-subject.eml': { holds: ['Simple email with ☸☿ Unicode subject'] },
  'formats/fake-email-attachment.eml': { holds: ['Fake email with attachment', 'Mallori Harrell', '2022-12-23', 'fake-attachment.txt', 'Hey this is a fake attachment!'] },
  'formats/testRFC822_multipart_attachments.eml': { holds: ['EML 1', 'Bugs Bunny', 'This is Test TXTA File', 'This is Test TXTB File'] },
  'formats/fake-email-attachment.msg': { holds: ['Fake email with attachment', 'fake-attachment.txt', 'Hey this is a fake attachment!'] },
  'formats/wiki_duck.html': { holds: ['Duck is the common name for numerous species of waterfowl'], lacks: ['Aragonés', 'function('], blocks: { heading: 15, paragraph: 30 } },
  'formats/wiki_duck.html.md': { blocks: { heading: 15 } },
  'formats/stanley-cups-utf-16.csv': { holds: ['Stanley Cups', '| Team | Location | Stanley Cups |', '| Maple Leafs | TOR | 13 |'] },
  'formats/table-semicolon-delimiter.csv': { holds: ['| Year | Month | Revenue | Costs |', '| 2023 | 2 | 143,1 | -814,38 |'] },
  'formats/test_mskanji.csv': { holds: ['| 名前 | 年齢 | 住所 |', '| 髙橋淳 | 35 | 名古屋 |'] },
  'formats/csv-too-many-columns.csv': { holds: ['| 1 | 2 | 3 | 4 |', '| a | b | c | d | e |'] },
  'formats/test_recursive_embedded.docx': { warns: 'embedded_skipped' },
  'formats/test.pptx': {
    pages: 6,
    holds: ['AutoGen: Enabling Next-Gen LLM Applications', '| 7 | 8 | 9 | 1b92870d-e3b5-4e65-8153-919f4ff45592 | 11 | 12 |', 'a3f6004b-6f4f-4ea8-bee3-3741f4dc385f', '| 2003 | 2003 |', 'This is a nested shape'],
  },
};

const present = existsSync(manifest);
if (!present) console.warn(`SKIPPED: the shared documents are not at ${folder} (set AI_STACK_DATA)`);

describe.skipIf(!present)('the shared documents', () => {
  it('has an expectation for every file of the manifest', () => {
    const files = readFileSync(manifest, 'utf8').split('\n').slice(1).map((line) => line.split(',')[0]).filter(Boolean);
    expect(files.filter((file) => !expectations[file!])).toEqual([]);
  });

  it.each(Object.entries(expectations))('%s', async (file, expected) => {
    const parsed = parseFile(join(folder, file), { filename: basename(file), password: expected.password });
    if (expected.error) {
      const error = (await parsed.catch((reason: unknown) => reason)) as ParseError;
      expect(error).toMatchObject({ name: 'ParseError', code: expected.error });
      expect(error.message.length).toBeGreaterThan(30);
      return;
    }
    check(await parsed, expected);
  });

  it('opens an encrypted PDF with its password', async () => {
    const path = join(folder, 'encrypted/password.pdf');
    const { content } = await parseFile(path, { filename: 'password.pdf', password: 'password' });
    expect(content).toContain('File with password');
    await expect(parseFile(path, { filename: 'password.pdf', password: 'wrong' })).rejects.toMatchObject({ code: 'encrypted' });
  });
});

function check(document: ParsedDocument, expected: Expectation): void {
  expectExactRanges(document);
  let from = 0;
  for (const piece of expected.holds ?? []) {
    const at = document.content.indexOf(piece, from);
    expect(at, `"${piece}" after character ${from}`).toBeGreaterThanOrEqual(0);
    from = at + piece.length;
  }
  for (const piece of expected.lacks ?? []) expect(document.content).not.toContain(piece);
  if (expected.pages !== undefined) expect(document.pages).toBe(expected.pages);
  if (expected.warns) expect(document.warnings.map(({ code }) => code)).toContain(expected.warns);
  for (const [kind, least] of Object.entries(expected.blocks ?? {})) {
    expect(document.blocks.filter((block) => block.kind === kind).length, kind).toBeGreaterThanOrEqual(least!);
  }
}

/** Blocks are in order, do not overlap, and leave nothing but white space between them. */
function expectExactRanges({ content, blocks, pages }: ParsedDocument): void {
  let end = 0;
  for (const block of blocks) {
    expect(content.slice(end, block.start).trim()).toBe('');
    expect(block.end).toBeGreaterThan(block.start);
    if (pages && block.page) expect(block.page).toBeLessThanOrEqual(pages);
    end = block.end;
  }
  expect(content.slice(end).trim()).toBe('');
}
