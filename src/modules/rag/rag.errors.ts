import { AppError } from '#libs/contracts';

export class DocumentNotFoundError extends AppError {
  constructor(id: string) {
    super('rag.document_not_found', 'not_found', `There is no document ${id}.`);
  }
}

export class CollectionNotFoundError extends AppError {
  constructor(name: string) {
    super('rag.collection_not_found', 'not_found', `There is no collection "${name.slice(0, 100)}". POST /rag/collections creates one; without "collection" documents go to "default".`);
  }
}

export class CollectionExistsError extends AppError {
  constructor(name: string) {
    super('rag.collection_exists', 'conflict', `There is a collection "${name}" already.`);
  }
}

export class DocumentNotReadyError extends AppError {
  constructor(id: string, status: string) {
    super('rag.document_not_ready', 'conflict', `Document ${id} is ${status}; its content is there when it is ready.`);
  }
}

/** The same content is being processed for somebody else; whether it succeeds is not known yet. */
export class IngestInProgressError extends AppError {
  constructor(id: string) {
    super('rag.ingest_in_progress', 'conflict', `The same content is being processed as document ${id}. Ask again in a moment.`, { retryAfterSeconds: 5 });
  }
}

/** Somebody deleted the document before it was ready. */
export class IngestInterruptedError extends AppError {
  constructor(id: string) {
    super('rag.ingest_interrupted', 'conflict', `Document ${id} was deleted while it was processed. Send it again if it is still wanted.`);
  }
}

/** Too many texts are under way, or the server is stopping. */
export class IngestBusyError extends AppError {
  constructor() {
    super('rag.ingest_busy', 'unavailable', 'The server is busy with other texts. Send this one again in a few seconds.', { retryAfterSeconds: 5 });
  }
}

/** Nobody hears of it, but the log. */
export class IngestCancelledError extends AppError {
  constructor() {
    super('rag.ingest_cancelled', 'unavailable', 'The caller left before the text was processed; nothing of it is kept.');
  }
}

/** The text could not be processed; `code` is what the pipeline said. */
export class IngestFailedError extends AppError {
  constructor(code: string, message: string) {
    super(`rag.${code}`, 'unprocessable', message);
  }
}

export class FileElsewhereError extends AppError {
  constructor(id: string) {
    super('rag.file_elsewhere', 'unavailable', `The file of document ${id} is not in the data folder of this server: another one that shares the database took it in, or the folder was not restored. Its text is at /rag/documents/${id}/content.`);
  }
}

export class DocumentExistsError extends AppError {
  constructor(id: string) {
    super('rag.document_exists', 'conflict', `The collection holds the content of document ${id} already, as another document. Delete one of them.`);
  }
}
