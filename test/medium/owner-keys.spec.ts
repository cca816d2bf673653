import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OwnerService } from '../../src/modules/tenants/owner.service.js';
import { TenantsService } from '../../src/modules/tenants/tenants.service.js';
import { AuditLog } from '../../src/platform/audit/audit-log.js';
import { hashApiKey } from '../../src/platform/security/api-key.js';
import { ApiKeyService } from '../../src/platform/security/api-key.service.js';
import { runWithContext } from '../../src/platform/tenancy/tenant-context.js';
import { tenantContext } from '../../src/platform/tenancy/tenant.service.js';
import { openPlatform, type TestPlatform } from '../support/platform.js';
import { makeDataDirectory, removeDataDirectory } from '../support/server-process.js';

let platform: TestPlatform;
let keys: ApiKeyService;
let folder: string;
beforeEach(async () => {
  platform = await openPlatform({ migrated: true });
  keys = new ApiKeyService(platform.database, new AuditLog());
  folder = makeDataDirectory();
});
afterEach(async () => {
  removeDataDirectory(folder);
  await platform.close();
});

const query = (sql: string) => platform.database.pool.query(sql);
const works = async (secret: string | undefined) => (await keys.findByHash(hashApiKey(secret ?? '')))?.principal.permissions.has('*') === true;
/** Keys are written, and then the commit itself fails: what a kill at that moment leaves behind. */
const failCommits = () =>
  query(`CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the database is gone'; END $$;
    CREATE CONSTRAINT TRIGGER no_commit AFTER INSERT ON api_keys DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail()`);
const mend = () => query('DROP FUNCTION fail CASCADE');

describe(OwnerService.name, () => {
  /** One start of the program. */
  const start = (chosen?: string) => new OwnerService(platform.tenants, keys, platform.database, { AI_STACK_DATA_DIR: folder, AI_STACK_OWNER_KEY: chosen }).ensure();
  const inFile = () => readFileSync(join(folder, 'owner-key'), 'utf8').trim();
  const refused = (message: RegExp) => expect.objectContaining({ name: 'OwnerKeyError', message: expect.stringMatching(message) as string }) as Error;

  it('shows the key once, keeps it in a file of its user alone, and says where that file is missing', async () => {
    const { secret, file } = await start();
    expect(await works(secret)).toBe(true);
    expect([inFile(), statSync(String(file)).mode & 0o777]).toEqual([secret, 0o600]);
    expect(await start()).toEqual({ secret: undefined, file });
    rmSync(String(file));
    expect(await start()).toEqual({ secret: undefined, file: undefined });
  });

  it('gives a working key after a start that broke off, wherever it did', async () => {
    mkdirSync(join(folder, 'owner-key'));
    await expect(start()).rejects.toThrow(refused(/owner-key, which cannot be read or written \(EISDIR\)/));
    rmSync(join(folder, 'owner-key'), { recursive: true });
    await failCommits();
    await expect(start()).rejects.toThrow('the database is gone');
    await mend();
    const { secret } = await start();
    expect(await works(secret)).toBe(true);
    expect(inFile()).toBe(secret);
  });

  it('is replaced by the key that the operator chooses, also when the start in between broke off; what ended stays ended', async () => {
    const [a, b] = ['first-chosen-owner-key', 'second-chosen-owner-key'];
    const { secret: generated } = await start();
    expect((await start(a)).secret).toBe(a);
    expect([await works(generated), await works(a), inFile()]).toEqual([false, true, a]);
    await failCommits();
    await expect(start(b)).rejects.toThrow('the database is gone');
    await mend();
    expect([await works(a), inFile()]).toEqual([true, a]);
    expect((await start(b)).secret).toBe(b);
    expect((await start(b)).secret).toBeUndefined();
    await expect(start(a)).rejects.toThrow(refused(/AI_STACK_OWNER_KEY is a key that was revoked on 20/));
    expect(await works(b)).toBe(true);
  });

  it('is not taken for a key that somebody called "owner", and leaves that one alone', async () => {
    const { secret } = await start();
    const own = await keys.findByHash(hashApiKey(String(secret)));
    const { id: tenantId } = await platform.tenants.bySlug('default');
    const { control } = platform.database;
    const namesake = await keys.create(control.manager, { tenantId, name: 'owner', permissions: ['*'], createdBy: own?.principal.id });
    await control.transaction(async (manager) => keys.revoke(manager, await keys.get(manager, tenantId, String(own?.principal.id))));
    const next = await start();
    expect([await works(next.secret), await works(namesake.secret)]).toEqual([true, true]);
    await start('a-chosen-owner-key');
    expect([await works(next.secret), await works(namesake.secret)]).toEqual([false, true]);
    await expect(start(namesake.secret)).rejects.toThrow(refused(/is the API key "owner" \(ask_.*already/));
  });

  it('is made anew when it has expired', async () => {
    await start();
    await query(`UPDATE api_keys SET expires_at = now() - interval '1 second'`);
    expect(await works((await start()).secret)).toBe(true);
  });
});

describe(TenantsService.name, () => {
  const create = async (slug: string, name: string) => {
    const tenant = tenantContext(await platform.tenants.bySlug('default'));
    const principal = { kind: 'api_key' as const, id: '019aa4c5-8a52-7c3e-9f34-0242ac120002', tenantId: tenant.tenantId, permissions: new Set(['*']) };
    const tenants = new TenantsService(platform.tenants, keys, platform.database, new AuditLog());
    return runWithContext({ requestId: 'test', tenant, principal }, () => tenants.create(slug, name));
  };
  const trail = async () => (await query(`SELECT action FROM audit_log ORDER BY id`)).rows.map(({ action }: { action: string }) => action);

  it('finishes a tenant whose making broke off, wherever it did, and gives its key once', async () => {
    await query('CREATE SCHEMA tenant_acme; CREATE TABLE tenant_acme.documents ()');
    await expect(create('acme', 'First name')).rejects.toThrow(/tenant_acme/);
    await query('DROP TABLE tenant_acme.documents');
    await failCommits();
    await expect(create('acme', 'Second name')).rejects.toThrow('the database is gone');
    await mend();
    expect(await trail()).toEqual([]);
    const { tenant, ownerKey } = await create('acme', 'Acme');
    expect(tenant).toMatchObject({ slug: 'acme', name: 'Acme' });
    expect((await keys.findByHash(hashApiKey(ownerKey)))?.tenant.slug).toBe('acme');
    expect(await trail()).toEqual(['tenants.created', 'keys.created']);
    await expect(create('acme', 'Again')).rejects.toThrow(expect.objectContaining({ code: 'tenants.slug_taken' }));
  });
});
