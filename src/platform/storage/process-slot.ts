import { Inject, Injectable, OnApplicationShutdown } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf, isRunning, type ProcessIdentity } from '#libs/process-identity';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';

const mostProcesses = 256;

/**
 * A place in the data folder that belongs to this process alone: the first `processes/<n>` whose owner is gone. A restart
 * finds its predecessor's place again, and with it the name under which that one had claimed work, and its index snapshots.
 */
@Injectable()
export class ProcessSlot implements OnApplicationShutdown {
  readonly directory: string;
  /** Stays with the place: work claimed under it by a process that was killed is this process's to give back. */
  readonly id: string;

  constructor(@Inject(ENV) env: Pick<Env, 'AI_STACK_DATA_DIR'>) {
    this.directory = claimFirstFree(join(env.AI_STACK_DATA_DIR, 'processes'));
    this.id = persistentId(join(this.directory, 'id'));
  }

  onApplicationShutdown(): void {
    rmSync(ownerFile(this.directory), { force: true });
  }
}

/** One value for ever, made at the first use; whole or not there, whenever the process is killed. */
export function persistentId(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const temporary = `${path}.${randomUUID()}`;
  writeFileSync(temporary, `${randomUUID()}\n`, { flush: true });
  renameSync(temporary, path);
  return readFileSync(path, 'utf8').trim();
}

const ownerFile = (directory: string) => join(directory, 'owner.json');

function claimFirstFree(root: string): string {
  for (let slot = 0; slot < mostProcesses; slot += 1) {
    const directory = join(root, String(slot));
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    if (claim(ownerFile(directory))) return directory;
  }
  throw new Error(`${mostProcesses} processes use ${root} already`);
}

function claim(lock: string): boolean {
  try {
    writeFileSync(lock, JSON.stringify(identityOf(process.pid)), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (ownerLives(lock)) return false;
    rmSync(lock, { force: true });
    return claim(lock);
  }
}

function ownerLives(lock: string): boolean {
  try {
    return isRunning(JSON.parse(readFileSync(lock, 'utf8')) as ProcessIdentity);
  } catch {
    // Gone meanwhile, or cut off by a kill while it was written: nobody holds it.
    return false;
  }
}
