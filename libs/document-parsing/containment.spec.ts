import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContainedPool } from '#libs/contained-process';
import type { ParseJob, ParseOutcome } from './containment.fixture.js';
import { docxOf, zipBomb } from './parsing.fixture.js';

const megabyte = 2 ** 20;
/** Of this process' own processor time; parsed in it these files would take seconds to minutes. */
const maxBusyMs = 500;
const pool = new ContainedPool<ParseJob, never, ParseOutcome>({
  entry: new URL('./containment.fixture.js', import.meta.url),
  memoryLimitBytes: 512 * megabyte,
  timeoutMs: 180_000,
});
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'document-parsing-'));
});

afterAll(async () => {
  await pool.close();
  await rm(folder, { recursive: true });
});

/** Parses in a child and says how it ended and how much processor time the parent spent on it. */
async function attempt(filename: string, content: Uint8Array | string): Promise<{ outcome: string; busyMs: number; result?: ParseOutcome }> {
  const path = join(folder, filename);
  await writeFile(path, content);
  const begin = process.cpuUsage();
  const end = (outcome: string, result?: ParseOutcome) => {
    const { user, system } = process.cpuUsage(begin);
    return { outcome, busyMs: (user + system) / 1_000, result };
  };
  return pool.run({ path, options: { filename } }).then(
    (result) => end('parsed', result),
    (error: { code: string }) => end(error.code),
  );
}

const blank = ' '.repeat(megabyte);
const words = '<w:p><w:r><w:t>all work and no play</w:t></w:r></w:p>'.repeat(20_000);

describe('hostile files in a contained process', () => {
  it.each([
    ['declares its size', zipBomb('word/document.xml', blank, 1500)],
    ['lies about its size', zipBomb('word/document.xml', blank, 1500, 1000)],
    ['inflates to endless text', zipBomb('word/document.xml', words, 1500, 1000)],
  ])('refuses a 1.5 GB ZIP bomb that %s', async (_, bomb) => {
    const { outcome, busyMs } = await attempt('bomb.docx', bomb);
    // `too_large` is the parser's own word; the watchdog would say `memory` or `timeout`.
    expect(outcome).toBe('too_large');
    expect(busyMs).toBeLessThan(maxBusyMs);
  });

  it.each([
    ['nested.html', '<div>'.repeat(200_000) + 'deep' + '</div>'.repeat(200_000)],
    ['unclosed.html', '<div><b>x'.repeat(200_000)],
    ['lists.html', '<ul><li>x'.repeat(100_000)],
    ['tables.html', '<table><tr><td>x'.repeat(100_000)],
    ['nested.docx', docxOf('<w:tbl><w:tr><w:tc><w:p><w:r><w:t>x</w:t></w:r>'.repeat(100_000))],
    ['spaces.csv', ' ,"'.repeat(400_000)],
    ['nested.json', '['.repeat(500_000)],
    ['groups.rtf', `{\\rtf1 ${'{\\b x'.repeat(300_000)}`],
    ['stars.md', '*_`['.repeat(100_000)],
  ])('ends in good time on %s', async (filename, content) => {
    const { outcome, busyMs } = await attempt(filename, content);
    expect(['parsed', 'too_complex', 'corrupt', 'no_text']).toContain(outcome);
    expect(busyMs).toBeLessThan(maxBusyMs);
  });

  it('still parses afterwards', async () => {
    const { result } = await attempt('good.txt', 'One paragraph.\n\nAnother one.');
    expect(result).toEqual({ characters: 28, blocks: 2 });
  });
});
