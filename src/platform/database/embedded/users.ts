import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { directoryError } from './errors.js';
import { identityOf, isRunning, type ProcessIdentity } from '#libs/process-identity';

/*
 * Who uses the server. Each start leaves a file naming its process; stopping removes it, and the one who
 * finds no other living user stops the server. Files of killed processes do not count and are cleared away.
 * All of this happens under the start lock.
 */

/** Registers this process as a user; returns the path of its file. One process may register several times. */
export async function register(directory: string): Promise<string> {
  const path = join(directory, `${process.pid}-${randomUUID()}.json`);
  try {
    await writeFile(path, JSON.stringify(identityOf(process.pid)));
  } catch (error) {
    throw directoryError('register as a user of the database in', directory, error);
  }
  return path;
}

export async function unregister(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** How many registrations of living processes there are. */
export async function countUsers(directory: string): Promise<number> {
  let living = 0;
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    if (await isAlive(path)) living += 1;
    else await rm(path, { force: true });
  }
  return living;
}

async function isAlive(path: string): Promise<boolean> {
  try {
    return isRunning(JSON.parse(await readFile(path, 'utf8')) as ProcessIdentity);
  } catch {
    // Half-written by a killed process.
    return false;
  }
}
