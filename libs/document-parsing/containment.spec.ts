import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContainedPool } from '#libs/contained-process';
import type { ParseJob, ParseOutcome } from './containment.fixture.js';
import { docxOf, zipBomb } from './parsing.fixture.js';

const megabyte = 2 ** 20;
/** Generous, for busy machines: parsed in this process these files would block it for seconds to minutes. */
const maxBlockedMs = 250;
const pool = new ContainedPool<ParseJob, never, ParseOutcome>({
  entry: new URL('./containment.fixture.js', import.meta.url),
  memoryLimitBytes: 512 * megabyte,
  timeoutMs: 30_000,
});
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'document-parsing-'));
});

afterAll(async () => {
  await pool.close();
  await rm(folder, { recursive: true });
});

/** Parses in a child and says how it ended and how long the parent was kept from its work at worst. */
async function attempt(filename: string, content: Uint8Array | string): Promise<{ outcome: string; blockedMs: number; result?: ParseOutcome }> {
  const path = join(folder, filename);
  await writeFile(path, content);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const end = (outcome: string, result?: ParseOutcome) => {
    delay.disable();
    return { outcome, blockedMs: delay.percentile(99) / 1e6, result };
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
  ])('refuses a 1.5 GB ZIP bomb that %s', { timeout: 40_000 }, async (_, bomb) => {
    const { outcome, blockedMs } = await attempt('bomb.docx', bomb);
    // `too_large` is the parser's own word; the watchdog would say `memory` or `timeout`.
    expect(outcome).toBe('too_large');
    expect(blockedMs).toBeLessThan(maxBlockedMs);
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
  ])('ends in good time on %s', { timeout: 60_000 }, async (filename, content) => {
    const { outcome, blockedMs } = await attempt(filename, content);
    expect(['parsed', 'too_complex', 'corrupt', 'no_text']).toContain(outcome);
    expect(blockedMs).toBeLessThan(maxBlockedMs);
  });

  it('still parses afterwards', async () => {
    const { result } = await attempt('good.txt', 'One paragraph.\n\nAnother one.');
    expect(result).toEqual({ characters: 28, blocks: 2 });
  });
});
