import { accessSync, constants, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { StartupError } from './startup-error.js';

/** Makes the data folder and its parts. @returns its absolute path @throws StartupError */
export function prepareDataDirectory(configured: string): string {
  const path = resolve(configured);
  try {
    makeFolder(path);
    for (const part of ['files', 'processes', 'tmp']) makeFolder(resolve(path, part), 0o700);
    accessSync(path, constants.W_OK);
    return path;
  } catch (error) {
    throw new StartupError(`The data folder ${path} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}). Make it writable for this user, or set AI_STACK_DATA_DIR to another folder.`, error);
  }
}

/** Like `recursive: true`, which never returns for a folder below /proc (Node.js 20). */
function makeFolder(path: string, mode = 0o777): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    mkdirSync(path, { mode });
  }
}
