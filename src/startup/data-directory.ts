import { accessSync, constants, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { StartupError } from './startup-error.js';

/** Makes the data folder and its parts. @returns its absolute path @throws StartupError */
export function prepareDataDirectory(configured: string): string {
  const path = resolve(configured);
  try {
    mkdirSync(path, { recursive: true });
    for (const part of ['files', 'index', 'tmp']) mkdirSync(resolve(path, part), { recursive: true, mode: 0o700 });
    accessSync(path, constants.W_OK);
    return path;
  } catch (error) {
    throw new StartupError(`The data folder ${path} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}). Make it writable for this user, or set AI_STACK_DATA_DIR to another folder.`, error);
  }
}
