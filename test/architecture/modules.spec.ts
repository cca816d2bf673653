import { basename, extname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow, foldersIn, list } from './project.js';

const rooms = ['http', 'jobs', 'core', 'ports', 'adapters'];
const modules = foldersIn('src/modules');

/** What a file can be, said by the word before `.ts`. A file that is none of these goes without. */
const roles = new Set(
  ['module', 'service', 'controller', 'processor', 'request', 'response', 'entity', 'errors', 'types', 'spec', 'contract', 'chaos', 'fixture', 'config', 'factory', 'logger']
    .concat(['guard', 'filter', 'pipe', 'interceptor', 'hook', 'decorator', 'decorators', 'check', 'registry', 'transformer', 'storage', 'worker', 'child', 'preload'])
    .concat(['store', 'queue', 'writer', 'reader', 'queries', 'sql', 'retention', 'figures'])
    // An adapter says which port it fits.
    .concat(['engine', 'responder', 'embedding-model', 'index-source', 'memory-source', 'fact-extractor']),
);
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;
/** The role that decides: `cache.service.spec.ts` is a spec. */
const roleOf = (path: string): string | undefined => basename(path, '.ts').split('.').slice(1).at(-1);

describe('a folder of src/modules', () => {
  it.each(modules)('%s has a module, and no other rooms than the known ones', (name) => {
    expect(list(`src/modules/${name}`).map((entry) => entry.name)).toContain(`${name}.module.ts`);
    expect(foldersIn(`src/modules/${name}`).filter((folder) => !rooms.includes(folder))).toEqual([]);
  });

  it.each(modules)('%s keeps its rooms flat, but for the entities', (name) => {
    const nested = rooms.flatMap((room) => foldersIn(`src/modules/${name}/${room}`).map((folder) => `${room}/${folder}`));
    expect(nested.filter((folder) => folder !== 'adapters/entities')).toEqual([]);
  });

  it.each(modules)('%s says in each door what a file is', (name) => {
    const doors = ['http', 'jobs'].flatMap((room) => filesBelow(`src/modules/${name}/${room}`));
    expect(doors.filter((path) => roleOf(path) === undefined)).toEqual([]);
  });

  it.each(modules)('%s has entities only where entities belong, services only at the root', (name) => {
    const files = filesBelow(`src/modules/${name}`).map((path) => path.slice(`src/modules/${name}/`.length));
    expect(files.filter((path) => roleOf(path) === 'entity' && !path.startsWith('adapters/entities/'))).toEqual([]);
    expect(files.filter((path) => roleOf(path) === 'service' && path.includes('/'))).toEqual([]);
  });
});

describe('a folder of libs', () => {
  it.each(foldersIn('libs'))('%s has a front door', (name) => {
    expect(list(`libs/${name}`).map((entry) => entry.name)).toContain('index.ts');
  });
});

describe('a source file', () => {
  const files = ['src', 'libs', 'test', 'benchmarks'].flatMap(filesBelow).filter((path) => !path.startsWith('libs/sdk/client/'));

  it('is named in kebab-case with a known role, and is TypeScript', () => {
    const misnamed = files.filter((path) => /\.[cm]?[jt]sx?$/.test(path)).filter((path) => {
      const [name = '', ...suffixes] = basename(path).replace(/\.[^.]+$/, '').split('.');
      // The declarations of a package without types.
      if (path.endsWith('.d.ts')) return !kebab.test(name);
      return extname(path) !== '.ts' || !kebab.test(name) || (suffixes.length > 0 && !roles.has(suffixes.at(-1) ?? ''));
    });
    expect(misnamed).toEqual([]);
  });

  it('lies at most four folders below src', () => {
    expect(files.filter((path) => path.startsWith('src/') && path.split('/').length > 6)).toEqual([]);
  });
});
