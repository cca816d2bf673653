import { Inject, Injectable } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { Database } from '../../platform/database/database.js';
import { ApiKeyService } from '../../platform/security/api-key.service.js';
import { generateApiKey, hashApiKey } from '../../platform/security/api-key.js';
import { writeDurably } from '../../platform/storage/durable-file.js';
import { TenantService } from '../../platform/tenancy/tenant.service.js';
import { OwnerKeyError } from './tenants.errors.js';

export const defaultTenantSlug = 'default';

export interface OwnerKey {
  /** The key, when this start made or changed it: to be shown once. */
  secret: string | undefined;
  /** The file that holds it; undefined when it lies in another data folder, or is lost. */
  file: string | undefined;
}

/** What the first start leaves behind: the tenant `default` and one key that may do everything. */
@Injectable()
export class OwnerService {
  private readonly file: string;

  constructor(
    private readonly tenants: TenantService,
    private readonly keys: ApiKeyService,
    private readonly database: Database,
    @Inject(ENV) private readonly env: Pick<Env, 'AI_STACK_DATA_DIR' | 'AI_STACK_OWNER_KEY'>,
  ) {
    this.file = join(env.AI_STACK_DATA_DIR, 'owner-key');
  }

  /** Makes the key when there is none that works, and replaces it by the one that the operator chose. @throws OwnerKeyError */
  async ensure(): Promise<OwnerKey> {
    const { id: tenantId } = await this.tenants.provision(defaultTenantSlug, 'Default');
    const chosen = this.env.AI_STACK_OWNER_KEY;
    const [secret, hashes] = await this.database.control.transaction(async (manager) => {
      // Two processes may start at once; only one of them makes the key.
      await manager.query(`SELECT pg_advisory_xact_lock(hashtext('ai_stack.owner_key'))`);
      const current = await this.keys.ownersOf(manager, tenantId);
      const known = chosen === undefined ? current.length > 0 : current.some(({ hash }) => hash.equals(hashApiKey(chosen)));
      if (known) return [undefined, current.map(({ hash }) => hash)];
      if (chosen !== undefined) refuseUsed(await this.keys.bySecret(manager, chosen));
      const made = chosen ?? generateApiKey();
      for (const key of current) await this.keys.revoke(manager, key);
      await this.keys.create(manager, { tenantId, name: 'owner', permissions: ['*'], secret: made });
      // Before the commit: a key that nobody was told must not be the one that counts.
      if (chosen === undefined) await this.write(made);
      return [made, [hashApiKey(made)]];
    });
    // The operator knows a chosen key; its file is only put right, at each start.
    const inFile = await this.read();
    if (chosen !== undefined && inFile !== chosen) await this.write(chosen);
    const works = chosen !== undefined || (inFile !== undefined && hashes.some((hash) => hash.equals(hashApiKey(inFile))));
    return { secret, file: works ? this.file : undefined };
  }

  private async read(): Promise<string | undefined> {
    try {
      return (await readFile(this.file, 'utf8')).trim();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw this.unusable(error);
    }
  }

  private async write(secret: string): Promise<void> {
    await writeDurably(this.file, `${secret}\n`).catch((error: unknown) => {
      throw this.unusable(error);
    });
  }

  private unusable(error: unknown): OwnerKeyError {
    return new OwnerKeyError(`The owner key is kept in ${this.file}, which cannot be read or written (${(error as NodeJS.ErrnoException).code ?? String(error)}). Move what is there out of the way, or make it writable for this user.`, error);
  }
}

/** What has ended stays ended, and what is somebody's key does not become the owner's. */
function refuseUsed(key: { name: string; prefix: string; revokedAt: Date | null } | null): void {
  if (key?.revokedAt) throw new OwnerKeyError(`AI_STACK_OWNER_KEY is a key that was revoked on ${key.revokedAt.toISOString()}. Choose another one.`);
  if (key) throw new OwnerKeyError(`AI_STACK_OWNER_KEY is the API key "${key.name}" (${key.prefix}…) already, which is not a working owner key of the tenant "default". Choose another one.`);
}
