import { defineConfig } from 'vitest/config';

// Tests run on the compiled tree (dist/), so that child processes, worker threads and
// decorator metadata are exactly what ships. `npm run build` comes first.
const project = (name, include, extra = {}) => ({
  test: { name, include, environment: 'node', ...extra },
});

/** One embedded PostgreSQL for the whole run; each spec file gets a database of its own. */
const globalSetup = ['dist/test/support/global-setup.js'];

export default defineConfig({
  test: {
    projects: [
      project('unit', ['dist/{src,libs,benchmarks}/**/*.spec.js'], { testTimeout: 20_000 }),
      project('architecture', ['dist/test/architecture/**/*.spec.js']),
      project('contracts', ['dist/test/contracts/**/*.spec.js'], { globalSetup, testTimeout: 30_000, hookTimeout: 60_000 }),
      project('medium', ['dist/test/medium/**/*.spec.js'], { globalSetup, testTimeout: 30_000, hookTimeout: 60_000 }),
      project('e2e', ['dist/test/e2e/**/*.spec.js'], { globalSetup, testTimeout: 60_000, hookTimeout: 120_000 }),
    ],
    maxWorkers: 2,
  },
});
