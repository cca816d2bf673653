import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { foldersIn, list, readJson, readText, root } from './project.js';

const exists = (path: string): boolean => existsSync(join(root, path));
const architecture = 'docs/ARCHITECTURE.md';

/** Not of the repository: installed, built or written while running. */
const passing = new Set(['node_modules', 'dist', 'data', 'coverage']);
const own = (folders: string[]): string[] => folders.filter((name) => !passing.has(name) && !name.startsWith('.'));
/** A folder counts from its first file on. */
const below = (parent: string): string[] => foldersIn(parent).filter((name) => list(`${parent}/${name}`).length > 0).map((name) => `${parent}/${name}`);

describe(architecture, () => {
  const text = exists(architecture) ? readText(architecture) : '';
  /** Rows of the table of folders: the folder, and the paths its line names, relative to it. */
  const rows = [...text.matchAll(/^\| `([\w./-]+)\/` \|(.*)\|$/gm)].map(([, folder = '', line = '']) => ({
    folder,
    paths: [...line.matchAll(/`([\w.-]+(?:\/[\w./-]*|\.(?:ts|json)))`/g)].map(([, path = '']) => path),
  }));

  it('names only folders and files that exist', ({ skip }) => {
    if (!text) skip(`${architecture} is not there`);
    expect(rows.map(({ folder }) => folder).filter((folder) => !exists(folder))).toEqual([]);
    const known = (folder: string, path: string): boolean => exists(join(folder, path)) || exists(path) || writtenLater(path);
    expect(rows.flatMap(({ folder, paths }) => paths.filter((path) => !known(folder, path)))).toEqual([]);
  });

  it('has a line for every folder', ({ skip }) => {
    if (!text) skip(`${architecture} is not there`);
    const top = own(foldersIn('.')).filter((name) => list(name).length > 0);
    const wanted = [...top.filter((name) => name !== 'libs'), ...['src/platform', 'src/modules', 'libs'].flatMap(below)];
    const described = new Set(rows.map(({ folder }) => folder));
    expect(wanted.filter((folder) => !described.has(folder))).toEqual([]);
  });
});

/** `npm run bench` makes it. */
const writtenLater = (path: string): boolean => path === 'docs/benchmarks.md';

describe('the documents', () => {
  const documents = ['README.md', 'CONTRIBUTING.md', ...list('docs').filter(({ name }) => name.endsWith('.md')).map(({ name }) => `docs/${name}`)].filter(exists);

  it('name only commands of package.json', ({ skip }) => {
    if (!exists('README.md')) skip('README.md is not there');
    const { scripts } = readJson<{ scripts: Record<string, string> }>('package.json');
    const named = documents.flatMap((path) => [...readText(path).matchAll(/\bnpm (?:run )?(?!run\b|ci\b|install\b|packages?\b)([a-z][\w:-]*)/g)].map(([command, name = '']) => ({ path, command, name })));
    const commands = named.filter(({ command, name }) => command.startsWith('npm run ') || ['start', 'test'].includes(name));
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.filter(({ name }) => !(name in scripts))).toEqual([]);
  });

  it('link only to files that exist', ({ skip }) => {
    if (!exists('README.md')) skip('README.md is not there');
    const links = documents.flatMap((path) => [...readText(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)].map(([, target = '']) => ({ path, target })));
    expect(links.filter(({ path, target }) => !exists(join(path, '..', target)) && !writtenLater(join(path, '..', target)))).toEqual([]);
  });
});
