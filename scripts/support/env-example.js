import { pathToFileURL } from 'node:url';
import { inProject } from './project.js';

const head = `# Every variable AI Stack reads, with its default. Copy what you change to a file named .env, or set it in the environment.
# Written by \`node scripts/env-example.js\` from src/platform/config/env.ts; a test compares the two.
`;

/** @returns {Promise<string>} what .env.example must hold. A variable without a default is commented out. */
export async function envExample() {
  const { envSchema } = await import(pathToFileURL(inProject('dist/src/platform/config/env.js')).href);
  const entries = Object.entries(envSchema.shape).map(([name, schema]) => {
    const value = schema.safeParse(undefined).data;
    return `\n# ${schema.description}\n${value === undefined ? '# ' : ''}${name}=${value ?? ''}\n`;
  });
  return head + entries.join('');
}
