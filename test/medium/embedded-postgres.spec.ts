import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identityOf } from '#libs/process-identity';
import { EmbeddedServers, query } from '../support/embedded-servers.js';

/** Real servers in real processes: what is promised here cannot be shown with anything less. */

const isRoot = process.getuid?.() === 0;
const onLinux = process.platform === 'linux';

let embedded: EmbeddedServers;
beforeEach(() => {
  embedded = new EmbeddedServers();
});
afterEach(() => embedded.end());

describe('a fresh start', () => {
  it('gives a UTF-8 database in which Chinese trigrams and the extensions work', async () => {
    const server = await embedded.start();
    expect(server.adopted).toBe(false);
    for (const extension of ['pg_trgm', 'pgcrypto', 'unaccent', 'btree_gin', 'pg_stat_statements']) {
      await query(server, `create extension ${extension}`);
    }
    const [row] = await query(
      server,
      `select show_trgm('测试文档') as trigrams, similarity('测试文档', '测试文件') as similarity, lower('ÉÀ') as lower,
              current_setting('server_encoding') as encoding, current_setting('fsync') as fsync, current_setting('timezone') as timezone,
              'B' < 'a' as by_code_point, (select count(*) > 0 from pg_stat_statements) as statements`,
    );
    expect(row).toMatchObject({ lower: 'éà', encoding: 'UTF8', fsync: 'on', timezone: 'UTC', by_code_point: true, statements: true });
    expect(row?.trigrams).toHaveLength(5);
    expect(row?.similarity).toBeGreaterThan(0.3);
  });

  it('is closed to everybody who does not know the password', async () => {
    const { connection } = await embedded.start();
    const guess = new pg.Client({ ...connection, password: 'guess' });
    await expect(guess.connect()).rejects.toMatchObject({ code: '28P01' });
    expect(statSync(join(embedded.directory, 'data')).mode & 0o777).toBe(0o700);
    expect(statSync(join(embedded.directory, 'data', 'ai-stack-credentials.json')).mode & 0o777).toBe(0o600);
  });

  it('listens on 127.0.0.1, with password, where the path is too long for a socket', async () => {
    const server = await embedded.start({ directory: join(embedded.base, 'long'.repeat(25)) });
    expect(server.connection.host).toBe('127.0.0.1');
    expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }]);
    await expect(new pg.Client({ ...server.connection, password: 'guess' }).connect()).rejects.toMatchObject({ code: '28P01' });
  });

  it('takes settings, names and a second database on the same cluster', async () => {
    const first = await embedded.start({ user: 'owner', database: 'one', settings: { work_mem: '3MB' } });
    const second = await embedded.start({ database: 'two-"quoted"' });
    expect(await query(first, "select current_user as u, current_database() as d, current_setting('work_mem') as w")).toEqual([{ u: 'owner', d: 'one', w: '3MB' }]);
    expect(await query(second, 'select current_user as u, current_database() as d')).toEqual([{ u: 'owner', d: 'two-"quoted"' }]);
    expect(second).toMatchObject({ adopted: true, pid: first.pid });
  });

  it('clears away what an interrupted initialisation left', async () => {
    mkdirSync(join(embedded.directory, 'initialising-0123', 'base'), { recursive: true });
    mkdirSync(join(embedded.directory, 'data'));
    const server = await embedded.start();
    expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(readdirSync(embedded.directory).filter((name) => name.startsWith('initialising-'))).toEqual([]);
  });
});

describe('starting again', () => {
  it('keeps the data, is fast, and leaves no process behind', async () => {
    const first = await embedded.start();
    await query(first, "create table notes as select 'kept' as note");
    expect(await first.stop()).toBe('stopped');
    expect(identityOf(first.pid)).toBeUndefined();
    const before = performance.now();
    const second = await embedded.start();
    const elapsed = performance.now() - before;
    expect(await query(second, 'select note from notes')).toEqual([{ note: 'kept' }]);
    console.log(`second start: ${Math.round(elapsed)} ms`);
    // A start that found something to wait for takes minutes.
    expect(elapsed).toBeLessThan(30_000);
  });

  it('adopts the server of a process that was killed, with every committed row', async () => {
    const { child, report } = await embedded.startInChild();
    await query(report, 'create table acknowledged (id int)');
    const client = new pg.Client(report.url);
    await client.connect();
    for (let id = 0; id < 50; id += 1) await client.query('insert into acknowledged values ($1)', [id]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const server = await embedded.start();
    expect(server).toMatchObject({ adopted: true, pid: report.pid });
    expect(await query(server, 'select count(*)::int from acknowledged')).toEqual([{ count: 50 }]);
    await client.end();
    expect(await server.stop()).toBe('stopped');
    expect(identityOf(report.pid)).toBeUndefined();
  });

  it('recovers after both were killed', async () => {
    const { child, report } = await embedded.startInChild();
    await query(report, 'create table acknowledged as select generate_series(1, 1000) as id');
    child.kill('SIGKILL');
    process.kill(report.pid, 'SIGKILL');
    const server = await embedded.start();
    expect(server.adopted).toBe(false);
    expect(await query(server, 'select count(*)::int from acknowledged')).toEqual([{ count: 1000 }]);
  });

  it.runIf(onLinux)('is not fooled by a postmaster.pid that names an unrelated living process', async () => {
    const first = await embedded.start();
    await first.stop();
    const pidFile = join(embedded.directory, 'data', 'postmaster.pid');
    const account = statSync(join(embedded.directory, 'data'));
    const bystander = spawn('sleep', ['60'], isRoot ? { uid: account.uid, gid: account.gid } : {});
    embedded.children.push(bystander);
    writeFileSync(pidFile, `${bystander.pid}\n${join(embedded.directory, 'data')}\n1\n5432\n.\n\n1 1\nready\n`);
    const server = await embedded.start();
    expect(server.adopted).toBe(false);
    expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(bystander.exitCode).toBeNull();
  });

  it('breaks the lock of a killed process', async () => {
    mkdirSync(embedded.directory);
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    writeFileSync(join(embedded.directory, 'start.lock'), JSON.stringify({ pid, startedAt: 'once' }));
    expect(await query(await embedded.start(), 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('a server that dies while in use', () => {
  it('is started again at the same address, over a socket and over TCP', async () => {
    for (const directory of [embedded.directory, join(embedded.base, 'long'.repeat(25))]) {
      const server = await embedded.start({ directory });
      await query(server, "create table notes as select 'kept' as note");
      const { pid } = server;
      process.kill(pid, 'SIGKILL');
      while (server.pid === pid) await sleep(20);
      expect(await query(server, 'select note from notes')).toEqual([{ note: 'kept' }]);
      expect(await server.stop()).toBe('stopped');
      expect(identityOf(server.pid)).toBeUndefined();
    }
  });
});

describe('several processes', () => {
  it('that start at the same moment share one server, which the last one stops', async () => {
    const [one, two, three] = await Promise.all([embedded.startInChild(), embedded.startInChild(), embedded.startInChild()]);
    expect(new Set([one.report.pid, two.report.pid, three.report.pid]).size).toBe(1);
    expect([one, two, three].filter(({ report }) => !report.adopted)).toHaveLength(1);
    // Whoever started it may go first.
    one.child.kill('SIGTERM');
    expect(await one.next()).toEqual({ outcome: 'kept' });
    // A killed user does not count.
    two.child.kill('SIGKILL');
    await once(two.child, 'exit');
    expect(await query(three.report, 'select 1 as one')).toEqual([{ one: 1 }]);
    three.child.kill('SIGTERM');
    expect(await three.next()).toEqual({ outcome: 'stopped' });
    expect(identityOf(three.report.pid)).toBeUndefined();
  });
});
