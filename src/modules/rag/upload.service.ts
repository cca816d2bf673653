import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '#libs/contracts';
import { CollectionStore } from './adapters/collection.store.js';
import { DocumentQueue } from './adapters/document.queue.js';
import { DocumentWriter } from './adapters/document.writer.js';
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
    const kept: string[] = [];
    try {
      const collection = await this.collections.resolve(name);
      return await this.writer.transaction(async () => {
        const receipts: UploadReceipt[] = [];
        for (const file of files) receipts.push(await this.add(file, collection.id, metadata, kept));
        await this.queue.announce();
        return receipts;
      });
    } catch (error) {
      await this.files.remove(kept);
      await this.discard(files);
      throw error;
    }
  }

  private async add(file: UploadedFile, collectionId: string, metadata: Record<string, unknown>, kept: string[]): Promise<UploadReceipt> {
    const documentId = uuidv7();
    const taskId = uuidv7();
    const filePath = await this.files.keep(file.upload, documentId);
    kept.push(filePath);
    const existing = await this.writer.insert({
      id: documentId, collectionId, title: '', source: undefined, mime: file.mime, filename: file.filename, bytes: file.upload.bytes, contentHash: file.upload.hash, metadata, filePath, taskId,
    });
    if (!existing) return { documentId, taskId, filename: file.filename, duplicate: false };
    await this.files.remove([filePath]);
    return { documentId: existing.id, taskId: existing.taskId ?? existing.id, filename: file.filename, duplicate: true };
  }
}
