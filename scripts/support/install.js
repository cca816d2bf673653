import { readFileSync, statSync } from 'node:fs';
import { inProject, say, seconds } from './project.js';
import { runCommand } from './run-command.js';

const RECORD = 'node_modules/.package-lock.json';

/**
 * Whether node_modules holds what package-lock.json names. npm writes its record there last, so that an interrupted
 * installation does not count. Packages for other platforms may be absent. Takes a few milliseconds.
 */
export function isInstalled() {
  const recorded = changed(RECORD);
  if (recorded === undefined) return false;
  return recorded >= changed('package-lock.json') || holdsEverything();
}

const changed = (path) => statSync(inProject(path), { throwIfNoEntry: false })?.mtimeMs;

/** The lock file is newer, as after a change of branches: compare the two. */
function holdsEverything() {
  const wanted = packagesOf('package-lock.json');
  const present = packagesOf(RECORD);
  return Object.entries(wanted).every(([path, { version, optional, devOptional }]) => {
    if (path === '') return true;
    if (!present[path]) return Boolean(optional || devOptional);
    return present[path].version === version;
  });
}

const packagesOf = (lockFile) => JSON.parse(readFileSync(inProject(lockFile), 'utf8')).packages;

/**
 * Installs exactly what package-lock.json names, the compiler included whatever NODE_ENV says. No package needs its install script.
 *
 * @throws {Error} whose message holds npm's own words
 */
export async function install() {
  const count = Object.keys(packagesOf('package-lock.json')).length - 1;
  say(`Installing about ${count} packages (npm ci); once, up to a minute …`);
  const args = ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output, ms } = await runNpm(args);
  if (code !== 0) throw new Error(`npm ci failed (exit code ${code}):\n${output.trimEnd()}`);
  say(`Installed in ${seconds(ms)}`);
}

/** The npm that started this script, else the one on the path. */
function runNpm(args) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('npm-cli.js')) return runCommand(process.execPath, [cli, ...args]);
  return runCommand('npm', args, { shell: process.platform === 'win32' });
}
