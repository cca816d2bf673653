import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '#libs/contracts';
import { CollectionStore } from './adapters/collection.store.js';
import { DocumentQueue } from './adapters/document.queue.js';
import { DocumentWriter, type ExistingDocument, type NewDocument } from './adapters/document.writer.js';
import { FileStore, type StoredUpload } from './adapters/file.store.js';

export interface UploadedFile {
  filename: string;
  mime: string | undefined;
  upload: StoredUpload;
}

export interface UploadReceipt {
  documentId: string;
  taskId: string;
  filename: string;
  duplicate: boolean;
}

export interface UploadOptions {
  collection?: string;
  metadata?: Record<string, unknown>;
}

/** Files in: on the disk and queued when submit() returns; processed in the background. */
@Injectable()
export class UploadService {
  constructor(
    private readonly files: FileStore,
    private readonly writer: DocumentWriter,
    private readonly queue: DocumentQueue,
    private readonly collections: CollectionStore,
  ) {}

  receive(stream: Readable): Promise<StoredUpload> {
    return this.files.receive(stream);
  }

  async discard(files: UploadedFile[]): Promise<void> {
    await Promise.all(files.map(({ upload }) => this.files.discard(upload)));
  }

  /** All files of one upload, or none. */
  async submit(files: UploadedFile[], { collection: name, metadata = {} }: UploadOptions): Promise<UploadReceipt[]> {
    if (files.length === 0) throw new AppError('rag.no_files', 'invalid', 'The upload holds no file. Send them as multipart/form-data under the name "files".');
    try {
      const collection = await this.collections.resolve(name);
      return await this.writer.transaction(async () => {
        const receipts = new Map<UploadedFile, UploadReceipt>();
        // In an order that all uploads share: otherwise two of the same files could wait for each other's rows.
        for (const file of [...files].sort((a, b) => Buffer.compare(a.upload.hash, b.upload.hash))) receipts.set(file, await this.add(file, collection.id, metadata));
        await this.queue.announce();
        return files.flatMap((file) => receipts.get(file) ?? []);
      });
    } catch (error) {
      // Files that were kept stay: the transaction may be committed although its answer was lost. What no row names is swept.
      await this.discard(files);
      throw error;
    }
  }

  private async add({ filename, mime, upload }: UploadedFile, collectionId: string, metadata: Record<string, unknown>): Promise<UploadReceipt> {
    const [id, taskId] = [uuidv7(), uuidv7()];
    const document = (ofId: string): NewDocument => ({
      id: ofId, collectionId, title: '', source: undefined, mime, filename, bytes: upload.bytes, contentHash: upload.hash, metadata, filePath: this.files.nameOf(ofId), taskId,
    });
    for (;;) {
      const existing = await this.writer.insert(document(id));
      const receipt = { documentId: existing?.id ?? id, taskId: existing?.taskId ?? taskId, filename, duplicate: existing !== undefined };
      if (existing && (await this.isSafe(existing))) {
        await this.files.discard(upload);
        return receipt;
      }
      // It changed in between: look again.
      if (existing && !(await this.writer.replaceFile(existing, document(existing.id)))) continue;
      await this.files.keep(upload, this.files.nameOf(receipt.documentId));
      return receipt;
    }
  }

  /** Whether this upload may rely on it: not on a text that is gone when its request fails, nor on a file that is out of reach. */
  private async isSafe({ status, filePath }: ExistingDocument): Promise<boolean> {
    return status === 'ready' || (filePath !== null && (await this.files.has(filePath)));
  }
}
