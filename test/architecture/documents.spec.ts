import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow, floors, foldersIn, list, readJson, readText, root } from './project.js';

const exists = (path: string): boolean => existsSync(join(root, path));
const architecture = 'docs/ARCHITECTURE.md';

/** Not of the repository: installed, built or written while running. */
const passing = new Set(['node_modules', 'dist', 'data', 'coverage']);
const own = (folders: string[]): string[] => folders.filter((name) => !passing.has(name) && !name.startsWith('.'));
/** A folder counts from its first file on. */
const below = (parent: string): string[] => foldersIn(parent).filter((name) => list(`${parent}/${name}`).length > 0).map((name) => `${parent}/${name}`);

describe(architecture, () => {
  const text = readText(architecture);
  /** Rows of the table of folders: the folder, and the paths its line names, relative to it. */
  const rows = [...text.matchAll(/^\| `([\w./-]+)\/` \|(.*)\|$/gm)].map(([, folder = '', line = '']) => ({
    folder,
    paths: [...line.matchAll(/`([\w.-]+(?:\/[\w./-]*|\.(?:ts|json)))`/g)].map(([, path = '']) => path),
  }));

  it('names only folders and files that exist', () => {
    expect(rows.map(({ folder }) => folder).filter((folder) => !exists(folder))).toEqual([]);
    const known = (folder: string, path: string): boolean => exists(join(folder, path)) || exists(path);
    expect(rows.flatMap(({ folder, paths }) => paths.filter((path) => !known(folder, path)))).toEqual([]);
  });

  it('has a line for every folder', () => {
    const top = own(foldersIn('.')).filter((name) => list(name).length > 0);
    const wanted = [...top.filter((name) => name !== 'libs'), ...['src/platform', 'src/modules', 'libs'].flatMap(below)];
    const described = new Set(rows.map(({ folder }) => folder));
    expect(wanted.filter((folder) => !described.has(folder))).toEqual([]);
  });
});

describe('the documents', () => {
  const documents = ['README.md', 'CONTRIBUTING.md', ...filesBelow('docs').filter((path) => path.endsWith('.md'))];

  it('name only commands of package.json', () => {
    const { scripts } = readJson<{ scripts: Record<string, string> }>('package.json');
    const named = documents.flatMap((path) => [...readText(path).matchAll(/\bnpm (?:run )?(?!run\b|ci\b|install\b|packages?\b)([a-z][\w:-]*)/g)].map(([command, name = '']) => ({ path, command, name })));
    const commands = named.filter(({ command, name }) => command.startsWith('npm run ') || ['start', 'test'].includes(name));
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.filter(({ name }) => !(name in scripts))).toEqual([]);
  });

  it('tell the floors of the modules as the import rules have them', () => {
    expect(floors.flat().sort()).toEqual(foldersIn('src/modules'));
    const sentence = floors.map((modules) => modules.join(', ')).join(' < ');
    for (const path of [architecture, 'CONTRIBUTING.md']) expect(readText(path)).toContain(`\`${sentence}\``);
  });

  it('list every decision', () => {
    const titles = list('docs/adr').filter(({ name }) => /^\d{4}/.test(name)).map(({ name }) => `- [${name.slice(0, 4)}](${name}) ${/^# (.*)/.exec(readText(`docs/adr/${name}`))?.[1]}`);
    expect(readText('docs/adr/README.md').split('\n').filter((line) => line.startsWith('- ['))).toEqual(titles);
  });

  it('link only to files that exist', () => {
    const links = documents.flatMap((path) => [...readText(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)].map(([, target = '']) => ({ path, target })));
    expect(links.filter(({ path, target }) => !exists(join(path, '..', target)))).toEqual([]);
  });

  it('say in Chinese what they say in English', () => {
    const parts = (path: string) => ({ headings: readText(path).match(/^## /gm)?.length, blocks: readText(path).match(/^```\w+/gm), rows: readText(path).match(/^\|/gm)?.length });
    expect(parts('docs/zh/README.md')).toEqual(parts('README.md'));
    const sections = (path: string) => readText(path).match(/^## /gm)?.length;
    const names = (path: string) => [...readText(path).matchAll(/`[^`\n]+`/g)].map(([name]) => name);
    // All but the table of folders.
    expect(sections('docs/zh/ARCHITECTURE.md')).toBe((sections(architecture) ?? 0) - 1);
    expect(names('docs/zh/ARCHITECTURE.md').filter((name) => !names(architecture).includes(name))).toEqual([]);
  });
});
