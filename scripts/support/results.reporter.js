import { writeFileSync } from 'node:fs';

/**
 * A vitest reporter: writes what test.js counts to the file named by AI_STACK_TEST_RESULTS. The JSON reporter of vitest leaves
 * out why a test was skipped, files that do not load, hooks that fail and errors outside of tests.
 */
export default class ResultsReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const results = { passed: 0, failed: unhandledErrors.length, skipped: [] };
    for (const module of modules) {
      results.failed += withOwnErrors(module);
      for (const test of module.children.allTests()) count(test, results);
    }
    writeFileSync(process.env.AI_STACK_TEST_RESULTS, JSON.stringify(results));
  }
}

/** Files that did not load and suites whose hooks failed: their tests are reported as skipped, so they count themselves. */
function withOwnErrors(module) {
  const suites = [module, ...module.children.allSuites()];
  return suites.filter((suite) => suite.errors().length > 0).length;
}

function count(test, results) {
  const { state, note } = test.result();
  if (state === 'passed') results.passed += 1;
  else if (state === 'failed') results.failed += 1;
  else if (test.options.mode === 'todo') results.skipped.push({ name: test.fullName, reason: 'still to be written' });
  else results.skipped.push({ name: test.fullName, reason: note });
}
