import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.js';

const open: TestDatabase[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((database) => database.drop()));
});

async function create(...args: Parameters<typeof createDatabase>): Promise<TestDatabase> {
  const database = await createDatabase(...args);
  open.push(database);
  return database;
}

async function query(url: string, statement: string): Promise<unknown[][]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<unknown[]>({ text: statement, rowMode: 'array' })).rows;
  } finally {
    await client.end();
  }
}

describe('databases for tests', () => {
  it('are separate, UTF-8, and gone when dropped', async () => {
    const [one, two] = await Promise.all([create(), create()]);
    await query(one.url, 'create table notes ()');
    expect(await query(two.url, "select to_regclass('notes')")).toEqual([[null]]);
    expect(await query(one.url, 'show server_encoding')).toEqual([['UTF8']]);
    await one.drop();
    await expect(query(one.url, 'select 1')).rejects.toMatchObject({ code: '3D000' });
  });

  it('copy a template that is prepared once, even when asked for at the same time', async () => {
    let prepared = 0;
    const template = {
      name: `notes-${randomUUID()}`,
      prepare: async (url: string): Promise<void> => {
        prepared += 1;
        await query(url, "create table notes as select 'ready' as state");
      },
    };
    const copies = await Promise.all([create(template), create(template), create(template)]);
    expect(prepared).toBe(1);
    for (const { url } of copies) expect(await query(url, 'select state from notes')).toEqual([['ready']]);
  });

  it('start a template over when its preparation failed', async () => {
    const name = `fragile-${randomUUID()}`;
    const failing = createDatabase({ name, prepare: () => Promise.reject(new Error('no luck')) });
    await expect(failing).rejects.toThrow('no luck');
    const { url } = await create({ name, prepare: async (at) => void (await query(at, 'create table second ()')) });
    expect(await query(url, "select to_regclass('second')")).toEqual([['second']]);
  });
});
