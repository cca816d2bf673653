import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from './project.js';
import { runCommand } from './run-command.js';

/** Written after a build without errors: what the sources looked like. */
const STAMP = 'dist/.sources';

/** Whether dist holds the build of the sources as they are. Looks at names, sizes and times only: a few milliseconds. */
export function isBuilt() {
  if (!existsSync(inProject('dist/src/main.js')) || !existsSync(inProject(STAMP))) return false;
  return readFileSync(inProject(STAMP), 'utf8') === fingerprint();
}

/**
 * Compiles everything into dist and takes away what no longer has a source, so that no deleted test runs on.
 * Output is written in spite of type errors.
 *
 * @returns {Promise<{ code: number, output: string, ms: number }>} the compiler's
 */
export async function compile() {
  const before = fingerprint();
  // The compiler's memory of what it wrote is of no use when that is gone.
  if (!existsSync(inProject('dist/src/main.js'))) rmSync(inProject('dist/.tsbuildinfo'), { force: true });
  const result = await runCommand(process.execPath, [inProject('node_modules/typescript-native/bin/tsc'), '-p', 'tsconfig.json']);
  mkdirSync(inProject('dist'), { recursive: true });
  if (existsSync(inProject('dist'))) removeOrphans('dist');
  if (result.code === 0) writeFileSync(inProject(STAMP), before);
  else rmSync(inProject(STAMP), { force: true });
  return result;
}

function fingerprint() {
  const hash = createHash('sha1');
  for (const path of sources()) {
    const { mtimeMs, size } = statSync(inProject(path), { throwIfNoEntry: false }) ?? {};
    hash.update(`${path} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}

function sources() {
  const { include } = JSON.parse(readFileSync(inProject('tsconfig.json'), 'utf8'));
  const typescript = include.flatMap((entry) => (entry.endsWith('.ts') ? [entry] : filesBelow(entry))).filter((path) => path.endsWith('.ts'));
  return [...typescript.sort(), 'tsconfig.json', 'package-lock.json'];
}

function filesBelow(folder) {
  if (!existsSync(inProject(folder))) return [];
  const entries = readdirSync(inProject(folder), { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]));
}

function removeOrphans(folder) {
  for (const path of filesBelow(folder)) {
    const source = /^dist[/\\](.+)\.js(\.map)?$/.exec(path)?.[1];
    if (source && !existsSync(inProject(`${source}.ts`))) rmSync(inProject(path), { force: true });
  }
}
