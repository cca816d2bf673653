import { writeFileSync } from 'node:fs';

/**
 * A vitest reporter: writes what test.js counts to the file named by AI_STACK_TEST_RESULTS. The JSON reporter of vitest leaves
 * out why a test was skipped, files that do not load, hooks that fail and errors outside of tests.
 *
 * The reason is the note of `context.skip(note)`, or a line `SKIPPED: reason` that the test file prints.
 */
export default class ResultsReporter {
  #printed = new Map();

  onUserConsoleLog({ taskId, content }) {
    const reason = /^SKIPPED: (.+)$/m.exec(content)?.[1];
    if (reason) this.#printed.set(taskId, reason);
  }

  onTestRunEnd(modules, unhandledErrors) {
    const results = { passed: 0, failed: unhandledErrors.length, skipped: [] };
    for (const module of modules) this.#count(module, results);
    writeFileSync(process.env.AI_STACK_TEST_RESULTS, JSON.stringify(results));
  }

  #count(module, results) {
    const tests = [...module.children.allTests()];
    const inState = (state) => tests.filter((test) => test.result().state === state);
    results.passed += inState('passed').length;
    results.failed += inState('failed').length + withOwnErrors(module);
    const skipped = inState('skipped').map((test) => ({ name: test.fullName, count: 1, reason: this.#reason(test, module) }));
    results.skipped.push(...together(skipped, tests.length, sourceOf(module)));
  }

  #reason(test, module) {
    if (test.options.mode === 'todo') return 'still to be written';
    return test.result().note ?? this.#printed.get(test.id) ?? this.#printed.get(module.id);
  }
}

/** Files that did not load and suites whose hooks failed: their tests are reported as skipped, so they count themselves. */
function withOwnErrors(module) {
  const suites = [module, ...module.children.allSuites()];
  return suites.filter((suite) => suite.errors().length > 0).length;
}

/** A file that is skipped as a whole for one reason is one line. */
function together(skipped, total, file) {
  const reasons = new Set(skipped.map(({ reason }) => reason));
  if (skipped.length < 2 || skipped.length < total || reasons.size > 1) return skipped;
  return [{ name: `all ${total} tests of ${file}`, count: total, reason: skipped[0].reason }];
}

const sourceOf = (module) => module.relativeModuleId.replace(/^dist\//, '').replace(/\.js$/, '.ts');
