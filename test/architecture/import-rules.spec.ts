import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { breaches as planted, floorBreaches, wellBehaved } from './import-rules.fixture.js';
import { floors, root } from './project.js';

interface Violation {
  from: string;
  to: string;
  rule: { name: string };
}

const config = join(root, '.dependency-cruiser.cjs');
const { forbidden } = createRequire(import.meta.url)(config) as { forbidden: { name: string }[] };
const breaches = [...planted, ...floorBreaches(floors)];

/** Writes the files into an empty project and lets dependency-cruiser judge it as `npm run check` does. */
function judge(tree: string): Violation[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'), '--config', config, '-T', 'json', '.'],
    { cwd: tree, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (!stdout) throw new Error(stderr);
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}

function write(tree: string, path: string, text: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), text);
}

describe('import rules', () => {
  const tree = mkdtempSync(join(tmpdir(), 'ai-stack-import-rules-'));
  let violations: Violation[];

  beforeAll(() => {
    copyFileSync(join(root, '.dependency-cruiser.tsconfig.json'), join(tree, '.dependency-cruiser.tsconfig.json'));
    for (const [path, text] of Object.entries(wellBehaved)) write(tree, path, text);
    for (const { path, text } of breaches) write(tree, path, text);
    for (const name of floors.flat()) write(tree, `src/modules/${name}/${name}.types.ts`, 'export const a = 1;\n');
    violations = judge(tree);
  }, 60_000);

  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  // A cycle is reported once, from one of its files.
  it.each(breaches)('$rule: $what', ({ rule, path }) => {
    const ends = violations.filter((violation) => violation.rule.name === rule).flatMap(({ from, to }) => (rule === 'no-cycles' ? [from, to] : [from]));
    expect(ends).toContain(path);
  });

  it('let pass what is allowed', () => {
    const bad = new Set(breaches.map(({ path }) => path));
    expect(violations.filter(({ from }) => !bad.has(from))).toEqual([]);
  });

  it('are each proved by a planted breach', () => {
    expect(forbidden.map(({ name }) => name).filter((name) => !breaches.some(({ rule }) => rule === name))).toEqual([]);
  });
});
