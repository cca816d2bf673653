import { Injectable, Logger } from '@nestjs/common';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page, PageStart } from '../../platform/database/page.js';
import { IndexService } from '../search/index.service.js';
import { CollectionStore } from './adapters/collection.store.js';
import { DocumentStore } from './adapters/document.store.js';
import { DocumentWriter } from './adapters/document.writer.js';
import { FileStore } from './adapters/file.store.js';
import { DocumentNotFoundError, DocumentNotReadyError, FileElsewhereError } from './rag.errors.js';
import type { ChunkView, DocumentChange, DocumentFilter, DocumentView } from './rag.types.js';

const pollMs = 100;

/** What a document was made from. */
export interface OriginalFile {
  /** As it was sent; of a text its title. */
  name: string;
  /** As detected; of what has not been read, nothing in particular. */
  mime: string;
  /** Stands for its bytes. */
  version: string;
  /** @throws FileElsewhereError, DocumentNotReadyError */
  open(): Promise<OpenedFile>;
}

export interface OpenedFile {
  /** The reader ends or destroys it. */
  content: Readable;
  bytes: number;
}

/** Documents as their owner sees them: list, read, delete. */
@Injectable()
export class DocumentsService {
  private readonly logger = new Logger(DocumentsService.name);

  constructor(
    private readonly documents: DocumentStore,
    private readonly writer: DocumentWriter,
    private readonly files: FileStore,
    private readonly index: IndexService,
    private readonly collections: CollectionStore,
  ) {}

  list(filter: DocumentFilter, start: PageStart): Promise<Page<DocumentView>> {
    return this.documents.list(filter, start);
  }

  get(id: string): Promise<DocumentView> {
    return this.documents.get(id);
  }

  getMany(ids: string[]): Promise<DocumentView[]> {
    return this.documents.getMany(ids);
  }

  async chunks(id: string, start: PageStart): Promise<Page<ChunkView>> {
    const { chunkCount } = await this.documents.get(id);
    return this.documents.chunks(id, chunkCount, start);
  }

  /** The text that all offsets count in. @throws DocumentNotReadyError before it was read */
  async content(id: string): Promise<string> {
    const document = await this.documents.get(id);
    const content = await this.documents.content(id);
    if (content === undefined) throw new DocumentNotReadyError(id, document.status);
    return content;
  }

  /** What was handed in. @throws DocumentNotFoundError */
  async original(id: string): Promise<OriginalFile> {
    const document = await this.documents.get(id);
    const origin = await this.documents.origin(id);
    if (!origin) throw new DocumentNotFoundError(id);
    const { filePath, contentHash } = origin;
    return {
      name: document.filename ?? `${document.title}.md`,
      mime: document.status === 'ready' && document.mime !== null ? document.mime : 'application/octet-stream',
      version: contentHash?.toString('base64url') ?? id,
      open: () => (filePath === null ? this.openText(id) : this.openFile(id, filePath)),
    };
  }

  private async openText(id: string): Promise<OpenedFile> {
    const bytes = Buffer.from(await this.content(id));
    return { content: Readable.from([bytes]), bytes: bytes.length };
  }

  private async openFile(id: string, path: string): Promise<OpenedFile> {
    const opened = await this.files.open(path);
    if (!opened) throw new FileElsewhereError(id);
    return opened;
  }

  /**
   * A part of the content, without reading the whole of it. Positions count characters; the offsets of chunks and citations count UTF-16 units:
   * they are the same but for characters outside of the basic plane (emoji), which make an excerpt begin a little late.
   * @throws DocumentNotFoundError, DocumentNotReadyError
   */
  async excerpt(id: string, start: number, length: number): Promise<{ title: string; text: string; total: number }> {
    const { title, status } = await this.documents.get(id);
    const excerpt = await this.documents.excerpt(id, start, length);
    if (!excerpt) throw new DocumentNotReadyError(id, status);
    return { title, ...excerpt };
  }

  /** Searches on this process show the change when this returns. @throws DocumentNotFoundError, CollectionNotFoundError, DocumentExistsError */
  async update(id: string, { collection, ...change }: DocumentChange): Promise<DocumentView> {
    const collectionId = collection === undefined ? undefined : (await this.collections.resolve(collection)).id;
    const seq = await this.writer.update(id, { ...change, collectionId });
    if (seq === null) throw new DocumentNotFoundError(id);
    if (seq !== undefined) await this.index.catchUp(seq);
    return this.documents.get(id);
  }

  /** Deletes chunks, content, file and index entries; searches on this process no longer find it when this returns. */
  async remove(id: string): Promise<void> {
    const [result] = await this.removeMany([id]);
    if (!result?.removed) throw new DocumentNotFoundError(id);
  }

  async removeMany(ids: string[]): Promise<{ id: string; removed: boolean }[]> {
    const { removed, filePaths, seq } = await this.writer.remove(ids);
    if (seq !== undefined) await this.index.catchUp(seq);
    // The rows are gone and committed; a file that stays behind is swept later.
    await this.files.remove(filePaths).catch((error: unknown) => this.logger.warn({ err: error }, 'Files of deleted documents could not be removed'));
    const gone = new Set(removed);
    return ids.map((id) => ({ id, removed: gone.has(id) }));
  }

  /** Waits until all are ready or failed, at most `timeoutMs`. @returns them as they stand then */
  async waitForAll(ids: string[], timeoutMs: number): Promise<DocumentView[]> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const documents = await this.documents.getMany(ids);
      const done = documents.every(({ status }) => status === 'ready' || status === 'failed');
      if (done || Date.now() >= deadline) {
        await this.index.catchUp();
        return documents;
      }
      await delay(pollMs);
    }
  }
}
