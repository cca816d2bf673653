import { runChecks } from './support/run-checks.js';

// npm test                      everything: types, lint, import rules, then all tests
// npm test -- unit              one check: types, lint, rules, unit, architecture, contracts, medium, e2e
// npm test -- e2e analytics     the test files of one check whose path holds a word
process.exitCode = (await runChecks(process.argv.slice(2))) ? 0 : 1;
