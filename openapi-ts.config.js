import { defineConfig } from '@hey-api/openapi-ts';

// The last step of `npm run generate`. A test sets the variable, to generate elsewhere and compare.
export default defineConfig({
  input: 'libs/sdk/openapi.json',
  output: {
    path: process.env.OPENAPI_TS_OUTPUT ?? 'libs/sdk/client',
    module: { extension: '.js' },
    header: ['// generated, do not edit: npm run generate'],
  },
  logs: { file: false, level: 'warn' },
  plugins: [
    '@hey-api/typescript',
    // One class with a method for each operation, on a client of its own.
    { name: '@hey-api/sdk', operations: { strategy: 'single', containerName: 'AiStack', methods: 'instance' } },
    { name: '@hey-api/client-fetch', baseUrl: false },
  ],
});
