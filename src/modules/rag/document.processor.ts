import { Injectable, Logger } from '@nestjs/common';
import { ContainedJobError } from '#libs/contained-process';
import { AppError } from '#libs/contracts';
import { TenantDatabase } from '../../platform/tenancy/tenant-database.js';
import type { TenantContext } from '../../platform/tenancy/tenant-context.js';
import { DocumentQueue, mostAttempts, type ClaimedDocument } from './adapters/document.queue.js';
import { DocumentWriter, LeaseLostError } from './adapters/document.writer.js';
import { FileStore } from './adapters/file.store.js';
import { IngestionService } from './ingestion.service.js';

const crashesUntilBlamed = 2;

/** One queued document from claim to ready or failed. */
@Injectable()
export class DocumentProcessor {
  private readonly logger = new Logger(DocumentProcessor.name);

  constructor(
    private readonly database: TenantDatabase,
    private readonly queue: DocumentQueue,
    private readonly writer: DocumentWriter,
    private readonly files: FileStore,
    private readonly ingestion: IngestionService,
  ) {}

  /** At start, before this process claims anything. */
  releaseOwn(tenant: TenantContext): Promise<void> {
    return this.database.forTenant(tenant, () => this.queue.releaseOwn());
  }

  /** @returns false when nothing waits */
  processNext(tenant: TenantContext, stopping: AbortSignal): Promise<boolean> {
    return this.database.forTenant(tenant, async () => {
      await this.queue.removeAbandonedTexts();
      const document = await this.queue.claim();
      if (!document) return false;
      await this.process(document, stopping);
      return true;
    });
  }

  private async process(document: ClaimedDocument, stopping: AbortSignal): Promise<void> {
    if (document.attempts > mostAttempts) {
      await this.queue.fail(document.attempt, { code: 'crashed', message: `Processing it ended the server's worker ${mostAttempts} times. The document is probably the cause; try to save it again from the program that made it.` });
      return;
    }
    const work = new AbortController();
    const onStop = () => work.abort();
    stopping.addEventListener('abort', onStop, { once: true });
    const progress = { stage: 'parsing', share: 0 };
    const releaseLease = this.queue.holdLease(document.attempt, progress, () => work.abort());
    try {
      await this.ingest(document, progress, work.signal);
    } catch (error) {
      await this.settleFailure(document, error, stopping.aborted);
    } finally {
      releaseLease();
      stopping.removeEventListener('abort', onStop);
    }
  }

  private async ingest(document: ClaimedDocument, progress: { stage: string; share: number }, signal: AbortSignal): Promise<void> {
    await this.writer.clear(document.attempt);
    const chunkCount = await this.ingestion.ingest({
      attempt: document.attempt,
      source: { kind: 'file', path: this.files.path(document.filePath ?? ''), filename: document.filename ?? 'document', mime: document.mime ?? undefined },
      title: document.title || undefined,
      chunking: document.chunking,
      signal,
      onProgress: (stage, share) => Object.assign(progress, { stage, share }),
    });
    await this.writer.publish(document.attempt, chunkCount);
  }

  private async settleFailure(document: ClaimedDocument, error: unknown, stopping: boolean): Promise<void> {
    if (error instanceof LeaseLostError || !(await this.queue.isHeld(document.attempt))) return;
    // A child can be ended from outside, by an operator or for want of memory: once is no proof against the document.
    const again = error instanceof ContainedJobError && error.reason === 'crashed' && document.attempts < crashesUntilBlamed;
    const reason = again ? undefined : this.ingestion.explain(error);
    if (reason) {
      await this.writer.clear(document.attempt);
      await this.queue.fail(document.attempt, reason);
      return;
    }
    const wait = error instanceof AppError && error.kind === 'unavailable';
    await this.queue.giveBack(document.attempt, !stopping && !wait);
    if (stopping || again) return;
    this.logger.error({ err: error, document_id: document.id }, wait ? 'A part that ingestion needs is down; the document stays queued' : 'A document could not be processed; it stays queued');
    throw error;
  }
}
