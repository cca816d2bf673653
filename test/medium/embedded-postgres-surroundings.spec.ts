import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findInstalled, prepareBinaries } from '../../src/platform/database/embedded/binaries.js';
import { EmbeddedServers, query } from '../support/embedded-servers.js';

/** Accounts, installations and directories as they are found on other people's machines. */

const isRoot = process.getuid?.() === 0;
/** An unprivileged account that is not the one servers run under by preference. */
const OTHER = { uid: 65534, gid: 65534 };

let embedded: EmbeddedServers;
beforeEach(() => {
  embedded = new EmbeddedServers();
});
afterEach(() => embedded.end());

describe('accounts', () => {
  it.runIf(isRoot)('as root, the server runs under an unprivileged account, also below a folder only root may enter', async () => {
    chmodSync(embedded.base, 0o700);
    const server = await embedded.start();
    await query(server, 'create extension pg_trgm');
    expect(statSync(`/proc/${server.pid}`).uid).not.toBe(0);
    await server.stop();
    const again = await embedded.start();
    expect(await query(again, "select show_trgm('测试文档') is not null as ok")).toEqual([{ ok: true }]);
  });

  it.runIf(isRoot)('as root, files that belong to nobody known any more are taken over', async () => {
    await (await embedded.start()).stop();
    spawnSync('chown', ['-R', '54321:54321', join(embedded.directory, 'data')]);
    expect(await query(await embedded.start(), 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it.runIf(isRoot)('an ordinary user runs it directly, and root afterwards leaves nothing in the way', async () => {
    mkdirSync(join(embedded.base, 'home'));
    chownSync(join(embedded.base, 'home'), OTHER.uid, OTHER.gid);
    const directory = join(embedded.base, 'home', 'db');
    for (const identity of [OTHER, {}, OTHER]) {
      const { child, report, next } = await embedded.startInChild(identity, directory);
      expect(report.message).toBeUndefined();
      expect(statSync(`/proc/${report.pid}`).uid).toBe(OTHER.uid);
      child.kill('SIGTERM');
      expect(await next()).toEqual({ outcome: 'stopped' });
    }
  });

  it.runIf(isRoot)('an ordinary user is told that the database is another one’s', async () => {
    await (await embedded.start()).stop();
    const { report } = await embedded.startInChild(OTHER);
    expect(report.code).toBe('directory-foreign');
    expect(report.message).toContain('chown');
  });
});

describe('binaries', () => {
  /** Not in memory: programs may not run from there. */
  let place: string;
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'ai-stack-binaries-'));
    chmodSync(place, 0o755);
  });
  afterEach(() => rmSync(place, { recursive: true, force: true }));

  it('get their library links where no install script made them', async () => {
    const installed = await installationWithoutLinks();
    const binaries = await prepareBinaries(join(place, 'db'), undefined, () => undefined, installed);
    expect(spawnSync(binaries.postgres, ['--version']).stdout.toString()).toContain(`PostgreSQL) ${binaries.major}.`);
  });

  it.runIf(isRoot)('are copied, once, where the account cannot reach them', async () => {
    const installed = await installationWithoutLinks();
    chmodSync(join(installed.native, '..'), 0o700);
    mkdirSync(join(place, 'db'));
    const lines: string[] = [];
    const prepare = (): ReturnType<typeof prepareBinaries> => prepareBinaries(join(place, 'db'), { name: 'nobody', ...OTHER }, (line) => lines.push(line), installed);
    const binaries = await prepare();
    expect(binaries.postgres.startsWith(join(place, 'db'))).toBe(true);
    expect(spawnSync(binaries.postgres, ['--version'], OTHER).stdout.toString()).toContain('PostgreSQL');
    expect(await prepare()).toEqual(binaries);
    expect(lines).toHaveLength(1);
  });

  async function installationWithoutLinks(): Promise<{ native: string; version: string }> {
    const { native, version } = await findInstalled();
    const copy = join(place, 'package', 'native');
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    const lib = join(copy, 'lib');
    for (const name of readdirSync(lib)) if (lstatSync(join(lib, name)).isSymbolicLink()) unlinkSync(join(lib, name));
    return { native: copy, version };
  }
});

describe('a clear error', () => {
  it('for a folder that cannot be written to', async () => {
    writeFileSync(join(embedded.base, 'file'), '');
    await expect(embedded.start({ directory: join(embedded.base, 'file', 'db') })).rejects.toMatchObject({ code: 'directory-unwritable', message: /a file is in the way.*choose another/ });
    mkdirSync(join(embedded.base, 'closed'), { mode: 0o555 });
    const { report } = await embedded.startInChild(isRoot ? OTHER : {}, join(embedded.base, 'closed', 'db'));
    expect(report).toMatchObject({ code: 'directory-unwritable', message: expect.stringMatching(/permission denied.*choose another/) as string });
  });

  it('for another major version, for files that are no database, and for lost credentials', async () => {
    await (await embedded.start()).stop();
    const data = join(embedded.directory, 'data');
    const credentials = readFileSync(join(data, 'ai-stack-credentials.json'));
    rmSync(join(data, 'ai-stack-credentials.json'));
    await expect(embedded.start()).rejects.toMatchObject({ code: 'credentials-unusable' });
    writeFileSync(join(data, 'ai-stack-credentials.json'), JSON.stringify({ user: 'ai_stack', password: 'other' }));
    await expect(embedded.start()).rejects.toMatchObject({ code: 'credentials-unusable' });
    writeFileSync(join(data, 'ai-stack-credentials.json'), credentials);
    writeFileSync(join(data, 'PG_VERSION'), '15\n');
    await expect(embedded.start()).rejects.toMatchObject({ code: 'version-mismatch', message: /PostgreSQL 15.*PostgreSQL 18/ });
    rmSync(join(data, 'PG_VERSION'));
    await expect(embedded.start()).rejects.toMatchObject({ code: 'not-a-cluster' });
  });

  it('for a setting that PostgreSQL refuses, with its own words', async () => {
    await expect(embedded.start({ settings: { shared_buffers: 'plenty' } })).rejects.toMatchObject({ code: 'start-failed', message: /shared_buffers/ });
    expect(await query(await embedded.start(), 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});
