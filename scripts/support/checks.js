import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from './compile.js';
import { inProject } from './project.js';
import { runCommand } from './run-command.js';

/**
 * @typedef {object} Outcome of a check
 * @property {number} passed
 * @property {number} failed
 * @property {{ name: string, count: number, reason?: string }[]} skipped tests, or files of them
 * @property {string} output to show when something failed
 */

/** Past this a check hangs; on a slow and busy machine the longest takes half of it. */
const TIMEOUT_MS = 60 * 60_000;

/** The checks in their order; each takes the words that select test files and gives its outcome. */
export const checks = new Map([
  ['types', async () => one(await compile())],
  ['lint', async () => one(await runTool('eslint/bin/eslint.js', ['.', '--max-warnings=0']))],
  ['rules', async () => one(await runTool('dependency-cruiser/bin/dependency-cruise.mjs', ['--config', '.dependency-cruiser.cjs', '.']))],
  ...['unit', 'architecture', 'contracts', 'medium', 'e2e'].map((project) => [project, (filters) => vitest(project, filters)]),
]);

/** Those that run tests, and so can run a part of them. */
export const runsTests = (name) => !['types', 'lint', 'rules'].includes(name);

/** @returns {Outcome} of a tool that says yes or no */
const one = ({ code, output }) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [], output });

/** Their output is caught: whether it may have colours is seen here. */
const colours = process.stdout.isTTY && !process.env.NO_COLOR ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' };

/** @param {string} path below node_modules */
const runTool = (path, args, env = process.env) =>
  runCommand(process.execPath, [inProject('node_modules', path), ...args], { env: { ...env, ...colours }, timeoutMs: TIMEOUT_MS });

async function vitest(project, filters) {
  const scratch = mkdtempSync(join(tmpdir(), 'ai-stack-results-'));
  try {
    const file = join(scratch, 'results.json');
    const reporters = ['--reporter=dot', '--reporter=./scripts/support/results.reporter.js', '--silent=passed-only'];
    const args = ['run', '--project', project, ...filters, '--passWithNoTests', ...reporters];
    const { code, output } = await runTool('vitest/vitest.mjs', args, { ...withoutProductVariables(), AI_STACK_TEST_RESULTS: file });
    return withVerdict({ ...readResults(file), output }, code, filters);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function readResults(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // No file: vitest ended before it ran anything. Its exit code and output say so.
    return { passed: 0, failed: 0, skipped: [] };
  }
}

/** What the counts do not show is a failure as well: a run that broke off, and a stage in which no test was executed. */
function withVerdict(outcome, code, filters) {
  if (outcome.failed > 0) return outcome;
  if (code !== 0) return { ...outcome, failed: 1 };
  if (outcome.passed === 0 && filters.length === 0) return { ...outcome, failed: 1, output: `${outcome.output}\nNo test was executed.\n` };
  return outcome;
}

/** Tests configure what they start themselves: the variables of a server on this machine must not reach them. */
function withoutProductVariables() {
  const names = readFileSync(inProject('.env.example'), 'utf8').matchAll(/^(?:# )?([A-Z0-9_]+)=/gm);
  const env = { ...process.env };
  for (const [, name] of names) delete env[name];
  return env;
}
