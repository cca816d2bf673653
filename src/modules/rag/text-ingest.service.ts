import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { ContainedJobError } from '#libs/contained-process';
import { IndexService } from '../search/index.service.js';
import { CollectionStore } from './adapters/collection.store.js';
import { DocumentQueue, type Attempt } from './adapters/document.queue.js';
import { DocumentWriter, LeaseLostError, type ExistingDocument, type NewDocument } from './adapters/document.writer.js';
import type { Collection } from './adapters/entities/collection.entity.js';
import { titleOf } from './core/title.js';
import { IngestionService } from './ingestion.service.js';
import { IngestBusyError, IngestCancelledError, IngestFailedError, IngestInProgressError, IngestInterruptedError } from './rag.errors.js';
import type { IngestReceipt, IngestText } from './rag.types.js';

const longestWaitMs = 30_000;
const pollMs = 200;

type Outcome = { existing: ExistingDocument } | { existing?: undefined; seq: number; chunkCount: number };

/** Texts in: searchable when ingest() returns, or an error and no trace. */
@Injectable()
export class TextIngestService {
  constructor(
    private readonly writer: DocumentWriter,
    private readonly queue: DocumentQueue,
    private readonly collections: CollectionStore,
    private readonly ingestion: IngestionService,
    private readonly index: IndexService,
  ) {}

  /** @param gone fires when nobody waits for the answer any more; what was begun is taken back */
  async ingest(wanted: IngestText, gone: AbortSignal = new AbortController().signal): Promise<IngestReceipt> {
    const collection = await this.collections.resolve(wanted.collection);
    const document = describe(wanted, collection);
    const result = await this.untilKnown(gone, () => (this.ingestion.isSmall(wanted) ? this.inOneTransaction(document, wanted, collection) : this.inSteps(document, wanted, collection, gone)));
    if (result.existing) return this.receiptOf(result.existing);
    await this.index.catchUp(result.seq);
    return { documentId: document.id, chunkCount: result.chunkCount, duplicate: false, seq: result.seq };
  }

  /** While the same content is being processed for somebody else it is neither there nor absent: waits, and takes over when that one dies. */
  private async untilKnown(gone: AbortSignal, attempt: () => Promise<Outcome>): Promise<Outcome> {
    const deadline = Date.now() + longestWaitMs;
    for (;;) {
      const outcome = await attempt();
      if (!outcome.existing || outcome.existing.status === 'ready') return outcome;
      if (gone.aborted) throw new IngestCancelledError();
      if (Date.now() >= deadline) throw new IngestInProgressError(outcome.existing.id);
      await delay(pollMs);
      await this.queue.removeAbandonedTexts();
    }
  }

  private inOneTransaction(document: NewDocument, wanted: IngestText, collection: Collection): Promise<Outcome> {
    const attempt = this.queue.attemptAt(document.id);
    return this.writer.transaction(async () => {
      const existing = await this.writer.insert(document, attempt);
      if (existing) return { existing };
      const chunkCount = await this.ingestion.ingestSmall(this.job(attempt, wanted, collection));
      return { seq: await this.writer.publish(attempt, chunkCount), chunkCount };
    });
  }

  private async inSteps(document: NewDocument, wanted: IngestText, collection: Collection, gone: AbortSignal): Promise<Outcome> {
    const attempt = this.queue.attemptAt(document.id);
    const existing = await this.writer.insert(document, attempt);
    if (existing) return { existing };
    const lost = new AbortController();
    const releaseLease = this.queue.holdLease(attempt, { stage: 'indexing', share: 0 }, () => lost.abort());
    try {
      const chunkCount = await this.ingestion.ingest({ ...this.job(attempt, wanted, collection), signal: AbortSignal.any([lost.signal, gone]) });
      return { seq: await this.writer.publish(attempt, chunkCount), chunkCount };
    } catch (error) {
      if (lost.signal.aborted || error instanceof LeaseLostError) return { existing: await this.successorOf(document) };
      await this.writer.abandon(attempt);
      throw gone.aborted ? new IngestCancelledError() : this.answerTo(error);
    } finally {
      releaseLease();
    }
  }

  private answerTo(error: unknown): unknown {
    const reason = this.ingestion.explain(error);
    if (reason) return new IngestFailedError(reason.code, reason.message);
    return error instanceof ContainedJobError ? new IngestBusyError() : error;
  }

  /** Who has the document after this attempt lost it: an upload of the same content, most likely. */
  private async successorOf(document: NewDocument): Promise<ExistingDocument> {
    const successor = await this.writer.findSame(document);
    if (!successor) throw new IngestInterruptedError(document.id);
    return successor;
  }

  private job(attempt: Attempt, wanted: IngestText, collection: Collection) {
    return { attempt, waitedFor: true, source: { kind: 'text' as const, text: wanted.text, format: 'markdown' as const }, title: wanted.title, chunking: collection.chunking };
  }

  private async receiptOf({ id, chunkCount }: ExistingDocument): Promise<IngestReceipt> {
    await this.index.catchUp();
    return { documentId: id, chunkCount, duplicate: true };
  }
}

function describe(wanted: IngestText, collection: Collection): NewDocument {
  return {
    id: uuidv7(),
    collectionId: collection.id,
    title: wanted.title ?? titleOf(wanted.text),
    source: wanted.source,
    mime: undefined,
    filename: undefined,
    bytes: Buffer.byteLength(wanted.text),
    contentHash: createHash('sha256').update(wanted.text).digest(),
    metadata: wanted.metadata ?? {},
    filePath: undefined,
    taskId: undefined,
  };
}
