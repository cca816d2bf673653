import { checks, runsTests } from './checks.js';
import { install, isInstalled } from './install.js';
import { seconds } from './project.js';

const sum = (skipped) => skipped.reduce((total, { count }) => total + count, 0);
const print = (text) => void process.stdout.write(`${text}\n`);

/**
 * Runs checks one after the other, whatever fails, and ends with the line `N passed, N failed[, N skipped]`.
 *
 * @param {string[]} words names of checks (all when there is none), then words that select test files by their path
 * @returns {Promise<boolean>} whether all is well
 */
export async function runChecks(words) {
  const filters = words.filter((word) => !checks.has(word));
  const named = words.filter((word) => checks.has(word));
  const chosen = [...checks.keys()].filter((name) => (named.length > 0 ? named.includes(name) : filters.length === 0 || runsTests(name)));
  const total = { passed: 0, failed: 0, skipped: [], anyTest: false };
  if (await prepared()) {
    // Tests run on the compiled tree.
    if (!chosen.includes('types')) chosen.unshift('types');
    for (const name of chosen) add(total, await runCheck(name, filters), name);
    if (chosen.some(runsTests) && !total.anyTest) total.failed += reportNothing(total.skipped.length > 0 ? [] : filters);
  } else total.failed += 1;
  return conclude(total);
}

function reportNothing(filters) {
  print(`✗ No test was executed${filters.length ? `: no test file has ${filters.map((word) => `"${word}"`).join(' or ')} in its path` : ''}.`);
  return 1;
}

async function prepared() {
  if (isInstalled()) return true;
  try {
    await install();
    return true;
  } catch (error) {
    print(error.message);
    return false;
  }
}

async function runCheck(name, filters) {
  const begin = performance.now();
  if (process.stdout.isTTY) process.stdout.write(`  ${name} …\r`);
  const outcome = await checks.get(name)(runsTests(name) ? filters : []);
  const { passed, failed, skipped, output } = outcome;
  const counts = runsTests(name) ? `${passed} passed${failed ? `, ${failed} failed` : ''}${skipped.length ? `, ${sum(skipped)} skipped` : ''}` : '';
  print(`${failed ? '✗' : '✓'} ${name.padEnd(13)}${seconds(performance.now() - begin).padStart(8)}  ${counts}`.trimEnd());
  for (const { name: test, reason } of skipped) print(`    skipped: ${test} (${reason ?? 'no reason given'})`);
  if (failed) print(`${output.trimEnd().replaceAll(/^/gm, '    ')}\n`);
  return outcome;
}

function add(total, { passed, failed, skipped }, name) {
  total.passed += passed;
  total.failed += failed;
  total.skipped.push(...skipped);
  if (runsTests(name) && passed + failed > 0) total.anyTest = true;
}

function conclude({ passed, failed, skipped }) {
  print(`${passed} passed, ${failed} failed${skipped.length ? `, ${sum(skipped)} skipped` : ''}`);
  return failed === 0;
}
