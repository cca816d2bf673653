import { Injectable } from '@nestjs/common';
import { ContainedJobError } from '#libs/contained-process';
import type { IngestSource } from '#libs/ingestion';
import { TenantDatabase } from '../../platform/tenancy/tenant-database.js';
import type { TenantContext } from '../../platform/tenancy/tenant-context.js';
import { DocumentQueue, mostAttempts, type ClaimedDocument } from './adapters/document.queue.js';
import { DocumentWriter, LeaseLostError } from './adapters/document.writer.js';
import { FileStore } from './adapters/file.store.js';
import { titleOf } from './core/title.js';
import { IngestionService } from './ingestion.service.js';

const crashesUntilBlamed = 2;

/** One queued document from claim to ready or failed. */
@Injectable()
export class DocumentProcessor {
  constructor(
    private readonly database: TenantDatabase,
    private readonly queue: DocumentQueue,
    private readonly writer: DocumentWriter,
    private readonly files: FileStore,
    private readonly ingestion: IngestionService,
  ) {}

  /** What a killed predecessor had under way in this process's place is given back. Call it before anything is claimed here. */
  async takeOver(): Promise<void> {
    for (const tenant of await this.queue.leftBehind()) await this.database.forTenant(tenant, () => this.queue.releaseOwn());
  }

  waiting(): Promise<TenantContext[]> {
    return this.queue.waiting();
  }

  /** Of the current tenant. @returns false when nothing waits */
  async processNext(stopping: AbortSignal): Promise<boolean> {
    await this.queue.removeAbandonedTexts();
    const document = await this.queue.claim();
    if (!document) return false;
    await this.process(document, stopping);
    return true;
  }

  private async process(document: ClaimedDocument, stopping: AbortSignal): Promise<void> {
    if (document.attempts > mostAttempts) {
      await this.queue.fail(document.attempt, { code: 'crashed', message: `Processing it ended the server's worker ${mostAttempts} times. The document is probably the cause; try to save it again from the program that made it.` });
      return;
    }
    if (document.filePath !== null && !(await this.files.has(document.filePath))) {
      await this.queue.fail(document.attempt, { code: 'file_missing', message: 'The uploaded file is not in the data folder any more. Upload it again.' });
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
      waitedFor: false,
      source: this.sourceOf(document),
      title: titleOfSource(document),
      chunking: document.chunking,
      signal,
      onProgress: (stage, share) => Object.assign(progress, { stage, share }),
    });
    await this.writer.publish(document.attempt, chunkCount);
  }

  private sourceOf({ filePath, filename, mime, text }: ClaimedDocument): IngestSource {
    if (filePath === null) return { kind: 'text', text: text ?? '', format: mime === 'text/plain' ? 'plain' : 'markdown' };
    return { kind: 'file', path: this.files.path(filePath), filename: filename ?? 'document', mime: mime ?? undefined };
  }

  private async settleFailure({ attempt, attempts }: ClaimedDocument, error: unknown, stopping: boolean): Promise<void> {
    if (error instanceof LeaseLostError || !(await this.queue.isHeld(attempt))) return;
    if (stopping) return this.queue.giveBack(attempt);
    // A child can be ended from outside, by an operator or for want of memory: once is no proof against the document.
    if (error instanceof ContainedJobError && error.reason === 'crashed' && attempts < crashesUntilBlamed) return this.queue.retry(attempt);
    const reason = this.ingestion.explain(error);
    if (reason) {
      await this.writer.clear(attempt);
      await this.queue.fail(attempt, reason);
      return;
    }
    // A full disk, a part that is down: no fault of the document, and another one would meet it too.
    await this.queue.putOff(attempt);
    throw error;
  }
}

/** What a person called it; a title that was made of the text is no part of what is searched. */
function titleOfSource({ title, text }: ClaimedDocument): string | undefined {
  return title === '' || (text !== null && title === titleOf(text)) ? undefined : title;
}
