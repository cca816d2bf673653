import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { identityOf, isRunning, processDomain, type ProcessIdentity } from '#libs/process-identity';

const mostProcesses = 256;
export const beatMs = 10_000;
/** An owner in another container or on another machine cannot be looked up: without a beat for so long it is taken for dead. */
export const silentMs = 60_000;

/** What an owner file says. */
interface Owner extends ProcessIdentity {
  /** Absent in files of earlier versions, which knew one machine only. */
  domain?: string;
  released?: boolean;
}

/**
 * The claim of one process on one folder among many, in files `owner.<generation>.json`. The newest generation owns; who takes over from a dead
 * owner creates the next one, which succeeds for one of many that try at once. No file is removed before two newer ones are there, so nobody
 * can take away a claim that he does not know of.
 */
export class SlotClaim {
  private constructor(
    readonly directory: string,
    private readonly generation: number,
  ) {}

  /** The first of `root/0`, `root/1` … that nobody owns. @throws Error when all are taken */
  static firstFree(root: string): SlotClaim {
    for (let slot = 0; slot < mostProcesses; slot += 1) {
      const claim = SlotClaim.take(join(root, String(slot)));
      if (claim) return claim;
    }
    throw new Error(`${mostProcesses} processes use ${root} already`);
  }

  private static take(directory: string): SlotClaim | undefined {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const names = readdirSync(directory);
    const newest = newestOf(names);
    if (newest !== undefined && isOwned(join(directory, fileOf(newest)))) return undefined;
    const claim = new SlotClaim(directory, (newest ?? 0) + 1);
    if (!claim.create()) return undefined;
    for (const name of names) if ((generationOf(name) ?? Infinity) < (newest ?? 0)) rmSync(join(directory, name), { force: true });
    return claim;
  }

  /** Tells the others that this process lives. @returns false when another one has taken the folder over, after a long silence of this one */
  async renew(): Promise<boolean> {
    if (newestOf(await readdir(this.directory)) !== this.generation) return false;
    await writeFile(this.file, content(), { flag: 'r+' });
    return true;
  }

  release(): void {
    if (existsSync(this.file)) writeFileSync(this.file, JSON.stringify({ released: true }));
  }

  private create(): boolean {
    try {
      writeFileSync(this.file, content(), { flag: 'wx' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  private get file(): string {
    return join(this.directory, fileOf(this.generation));
  }
}

function content(): string {
  return JSON.stringify({ ...identityOf(process.pid), domain: processDomain() });
}

/** `owner.json` is the file of versions without generations. */
function fileOf(generation: number): string {
  return generation === 0 ? 'owner.json' : `owner.${generation}.json`;
}

function generationOf(name: string): number | undefined {
  const found = /^owner(?:\.(\d+))?\.json$/.exec(name);
  return found ? Number(found[1] ?? 0) : undefined;
}

function newestOf(names: readonly string[]): number | undefined {
  const generations = names.map(generationOf).filter((generation) => generation !== undefined);
  return generations.length > 0 ? Math.max(...generations) : undefined;
}

function isOwned(file: string): boolean {
  const owner = read(file);
  if (owner === 'gone') return true;
  if (owner?.released) return false;
  const here = processDomain();
  if (owner && (owner.domain ?? here) === here) return isRunning(owner);
  return silenceOf(file) < silentMs;
}

/** `gone`: two newer owners came meanwhile. `undefined`: a kill cut it off, or it is being written. */
function read(file: string): Owner | 'gone' | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : undefined;
  }
}

/** By the clock of the file system, which is the same for all who share it. */
function silenceOf(file: string): number {
  const probe = join(dirname(file), `probe.${randomUUID()}`);
  writeFileSync(probe, '');
  try {
    return statSync(probe).mtimeMs - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
  } finally {
    rmSync(probe, { force: true });
  }
}
