import { defineConfig } from 'vitest/config';

/** Time limits end what hangs; they measure nothing. A machine that is slow and busy with other work keeps far within them. */
const limits = { testTimeout: 300_000, hookTimeout: 300_000, expect: { poll: { timeout: 120_000 } } };

// Tests run on the compiled tree (dist/), so that child processes, worker threads and
// decorator metadata are exactly what ships. `npm run build` comes first.
const project = (name, include, extra = {}) => ({
  test: { name, include, environment: 'node', ...limits, ...extra },
});

/** One embedded PostgreSQL for the whole run; each spec file gets a database of its own. */
const globalSetup = ['dist/test/support/global-setup.js'];

export default defineConfig({
  test: {
    projects: [
      project('unit', ['dist/{src,libs,benchmarks}/**/*.spec.js']),
      project('architecture', ['dist/test/architecture/**/*.spec.js']),
      project('contracts', ['dist/test/contracts/**/*.spec.js'], { globalSetup }),
      project('medium', ['dist/test/medium/**/*.spec.js'], { globalSetup }),
      project('e2e', ['dist/test/e2e/**/*.spec.js'], { globalSetup }),
    ],
    maxWorkers: 2,
    teardownTimeout: 120_000,
  },
});
