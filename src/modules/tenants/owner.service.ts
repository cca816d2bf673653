import { Inject, Injectable } from '@nestjs/common';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { Database } from '../../platform/database/database.js';
import { ApiKeyService } from '../../platform/security/api-key.service.js';
import { generateApiKey, hashApiKey } from '../../platform/security/api-key.js';
import { TenantService } from '../../platform/tenancy/tenant.service.js';

export const defaultTenantSlug = 'default';
const ownerKeyName = 'owner';

/** What the first start leaves behind: the tenant `default` and one key that may do everything. */
@Injectable()
export class OwnerService {
  constructor(
    private readonly tenants: TenantService,
    private readonly keys: ApiKeyService,
    private readonly database: Database,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** @returns the key when this call made or changed it, so that it can be shown once */
  async ensure(): Promise<string | undefined> {
    const tenant = await this.tenants.provision(defaultTenantSlug, 'Default');
    return this.database.control.transaction(async (manager) => {
      // Two processes may start at once; only one of them makes the key.
      await manager.query(`SELECT pg_advisory_xact_lock(hashtext('ai_stack.owner_key'))`);
      const current = await this.keys.activeByName(tenant.id, ownerKeyName);
      const chosen = this.env.AI_STACK_OWNER_KEY;
      if (current.some((key) => !chosen || Buffer.from(key.hash).equals(hashApiKey(chosen)))) return undefined;
      for (const key of current) await this.keys.revoke(tenant.id, key.id);
      const secret = chosen ?? generateApiKey();
      await this.keys.create({ tenantId: tenant.id, name: ownerKeyName, permissions: ['*'], secret });
      await this.writeKeyFile(secret);
      return secret;
    });
  }

  private async writeKeyFile(secret: string): Promise<void> {
    const path = join(this.env.AI_STACK_DATA_DIR, 'owner-key');
    await writeFile(path, `${secret}\n`, { mode: 0o600 });
    await chmod(path, 0o600);
  }
}
