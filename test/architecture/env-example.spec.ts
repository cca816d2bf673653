import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { envSchema, parseEnv } from '../../src/platform/config/env.js';
import { readText, root } from './project.js';

interface Generator {
  envExample: () => Promise<string>;
}

describe('.env.example', () => {
  const text = readText('.env.example');
  const assignments = [...text.matchAll(/^(# )?([A-Z0-9_]+)=(.*)$/gm)].map(([, comment, name = '', value = '']) => ({ name, value, isSet: comment === undefined }));

  it('names every variable of the schema once, and no other', () => {
    expect(assignments.map(({ name }) => name)).toEqual(Object.keys(envSchema.shape));
  });

  it('shows the defaults: used as it stands, it changes nothing', () => {
    const used = Object.fromEntries(assignments.filter(({ isSet }) => isSet).map(({ name, value }) => [name, value]));
    expect(Object.keys(used).length).toBeGreaterThan(5);
    expect(parseEnv(used)).toEqual(parseEnv({}));
  });

  it('explains each variable', () => {
    const unexplained = Object.entries(envSchema.shape).filter(([, schema]) => (schema.description ?? '').length < 5);
    expect(unexplained.map(([name]) => name)).toEqual([]);
  });

  it('is what scripts/env-example.js writes', async () => {
    const { envExample } = (await import(pathToFileURL(join(root, 'scripts/support/env-example.js')).href)) as Generator;
    expect(text).toBe(await envExample());
  });
});
