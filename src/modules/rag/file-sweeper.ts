import { Injectable, Logger, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { TenantDatabase } from '../../platform/tenancy/tenant-database.js';
import { TenantService, tenantContext } from '../../platform/tenancy/tenant.service.js';
import { DocumentStore } from './adapters/document.store.js';
import { FileStore } from './adapters/file.store.js';

const sweepMs = 3_600_000;
/** Younger files may belong to an upload whose transaction is not committed yet. */
const youngMs = 3_600_000;
const namesPerQuery = 1_000;

/** Removes files that no document names: what a kill between two steps of an upload or a deletion leaves behind. */
@Injectable()
export class FileSweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(FileSweeper.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly tenants: TenantService,
    private readonly database: TenantDatabase,
    private readonly documents: DocumentStore,
    private readonly files: FileStore,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweepAll(), sweepMs).unref();
    void this.sweepAll();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async sweepAll(): Promise<void> {
    try {
      await this.files.removeStaleUploads(youngMs);
      for (const tenant of await this.tenants.listActive()) await this.database.forTenant(tenantContext(tenant), () => this.sweep());
    } catch (error) {
      this.logger.warn({ err: error }, 'Left-over files could not be looked for; the next hour tries again');
    }
  }

  private async sweep(): Promise<void> {
    const names = await this.files.list(youngMs);
    for (let from = 0; from < names.length; from += namesPerQuery) {
      const some = names.slice(from, from + namesPerQuery);
      const named = new Set(await this.documents.namedFiles(some));
      const orphans = some.filter((name) => !named.has(name));
      if (orphans.length > 0) this.logger.log(`Removing ${orphans.length} files that no document names`);
      await this.files.remove(orphans);
    }
  }
}
