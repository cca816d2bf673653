import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from './project.js';

/** Test files as they go wrong. */
const files: Record<string, string> = {
  'mixed.test.js': `
    import { expect, it } from 'vitest';
    it('passes', () => {});
    it('fails', () => expect(1).toBe(2));
    it('is skipped while running', (context) => context.skip('no such machine'));
    it.todo('is to be written');`,
  'hook.test.js': `
    import { beforeAll, describe, it } from 'vitest';
    describe('a suite', () => { beforeAll(() => { throw new Error('no database'); }); it('never runs', () => {}); });`,
  'unloadable.test.js': "import './not-there.js';",
  'absent.test.js': `
    import { describe, it } from 'vitest';
    console.warn('SKIPPED: the data are absent');
    describe.skipIf(true)('with data', () => { it('one', () => {}); it('two', () => {}); });`,
};

describe('the reporter of npm test', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ai-stack-reporter-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('counts what passed, every kind of failure, and skipped tests with their reasons', () => {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const results = join(folder, 'results.json');
    const { status } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder, `--reporter=${join(root, 'scripts/support/results.reporter.js')}`, '--silent=passed-only'],
      { cwd: folder, env: { PATH: process.env.PATH, AI_STACK_TEST_RESULTS: results }, encoding: 'utf8' },
    );

    expect(status).not.toBe(0);
    const { passed, failed, skipped } = JSON.parse(readFileSync(results, 'utf8')) as { passed: number; failed: number; skipped: object[] };
    expect({ passed, failed }).toEqual({ passed: 1, failed: 3 });
    expect(skipped).toEqual(
      expect.arrayContaining([
        { name: 'is skipped while running', count: 1, reason: 'no such machine' },
        { name: 'is to be written', count: 1, reason: 'still to be written' },
        { name: 'all 2 tests of absent.test.ts', count: 2, reason: 'the data are absent' },
      ]),
    );
  });
});
