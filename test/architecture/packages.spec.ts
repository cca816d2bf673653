import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readJson, readText, root } from './project.js';

interface LockedPackage {
  version?: string;
  resolved?: string;
  integrity?: string;
  dev?: boolean;
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
}

const { packages } = readJson<{ packages: Record<string, LockedPackage> }>('package-lock.json');
const installed = Object.entries(packages).filter(([path]) => path !== '');

describe('package-lock.json', () => {
  it('names no registry, so that every machine uses its own', () => {
    expect(installed.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
    expect(readText('package-lock.json')).not.toMatch(/https?:\/\/[^"]*\.tgz/);
  });

  it('has a checksum for every package', () => {
    expect(installed.filter(([, { integrity }]) => !integrity).map(([path]) => path)).toEqual([]);
  });

  it('holds the packages of all platforms: without them npm ci refuses', () => {
    const missing = installed.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !packages[`${path}/node_modules/${name}`] && !packages[`node_modules/${name}`]),
    );
    expect(missing).toEqual([]);
  });
});

describe('package.json', () => {
  it('starts the server with the settings that the decision on its memory names', () => {
    const { start = '' } = readJson<{ scripts: Record<string, string> }>('package.json').scripts;
    const settings = start.match(/(?:--)?[\w-]+=\S+/g) ?? [];
    expect(settings).not.toEqual([]);
    const [choice = ''] = readText('docs/adr/0021-memory-of-the-process.md').match(/^\*\*Choice\.\*\*.*/m) ?? [];
    expect(settings.filter((setting) => !choice.includes(`\`${setting}\``))).toEqual([]);
  });

  it('pins every package exactly', () => {
    const { dependencies, devDependencies } = readJson<Record<'dependencies' | 'devDependencies', Record<string, string>>>('package.json');
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(([, version]) => !/^(npm:[\w@/-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
    expect(loose).toEqual([]);
  });
});

describe('licences of what the product ships', () => {
  /** They ask for a copy of their text at most. */
  const free = new Set(['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'CC0-1.0', 'Unlicense']);
  /** Each with the reason why it may stay. */
  const exceptions: Record<string, string> = {
    argparse: 'Python-2.0 is as permissive as the BSD licences',
    usearch: 'writes Apache-2.0 as "Apache 2.0"',
  };

  it('are permissive, or listed here with a reason', () => {
    const shipped = installed.filter(([path, { dev }]) => !dev && existsSync(join(root, path, 'package.json')));
    expect(shipped.length).toBeGreaterThan(50);
    const others = shipped
      .map(([path]) => readJson<{ name: string; license?: string }>(`${path}/package.json`))
      .filter(({ name, license = '' }) => !isFree(license) && !(name in exceptions));
    expect(others.map(({ name, license }) => `${name}: ${license}`)).toEqual([]);
  });

  /** "(A OR B)" needs one that is free, "A AND B" both. */
  function isFree(expression: string): boolean {
    return expression.replace(/[()]/g, '').split(' OR ').some((choice) => choice.split(' AND ').every((name) => free.has(name.trim())));
  }
});
