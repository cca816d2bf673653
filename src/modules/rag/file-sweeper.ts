import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { TenantRounds } from '../../platform/tenancy/tenant-rounds.js';
import { DocumentStore } from './adapters/document.store.js';
import { FileStore } from './adapters/file.store.js';

/** Younger files may belong to an upload whose transaction is not committed yet. */
const youngMs = 3_600_000;
/** No upload takes so long. */
const staleMs = 7 * 24 * 3_600_000;
const namesPerQuery = 1_000;

/** Removes files that no document names: what a kill between two steps of an upload or a deletion leaves behind. */
@Injectable()
export class FileSweeper implements OnModuleInit {
  private readonly logger = new Logger(FileSweeper.name);

  constructor(
    private readonly rounds: TenantRounds,
    private readonly documents: DocumentStore,
    private readonly files: FileStore,
  ) {}

  onModuleInit(): void {
    this.rounds.register('files', () => this.sweep());
  }

  private async sweep(): Promise<void> {
    await this.files.removeStaleUploads(staleMs);
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
