import { readFileSync, readdirSync, type Dirent } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the project's root, seen from dist/test/architecture. */
export const root = resolve(fileURLToPath(import.meta.url), '../../../..');

/** The modules by floor, from the ground up. */
export const floors = createRequire(import.meta.url)(join(root, '.dependency-cruiser.floors.cjs')) as string[][];

export const readText = (path: string): string => readFileSync(join(root, path), 'utf8');

export const readJson = <T>(path: string): T => JSON.parse(readText(path)) as T;

/** @returns what lies in a folder, sorted by name; nothing when there is no such folder */
export function list(folder: string): Dirent[] {
  try {
    return readdirSync(join(root, folder), { withFileTypes: true }).sort((a, b) => a.name.localeCompare(b.name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

export const foldersIn = (folder: string): string[] => list(folder).filter((entry) => entry.isDirectory()).map(({ name }) => name);

/** @returns paths below the root of every file below a folder */
export function filesBelow(folder: string): string[] {
  return list(folder).flatMap((entry) => (entry.isDirectory() ? filesBelow(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]));
}
