/** A request that has been answered (or whose client went away). */
export interface RequestCompleted {
  /** Undefined: nobody was recognised; counted for the operator's own tenant. */
  tenant: { tenantId: string; slug: string; schema: string } | undefined;
  requestId: string;
  /** Route pattern, never the raw URL: `/rag/documents/:id`. */
  endpoint: string;
  method: string;
  ip: string;
  statusCode: number;
  /** Milliseconds. */
  durationMs: number;
  principalId: string | undefined;
  /** X-Cache of the response, if it had one. */
  cache: 'HIT' | 'MISS' | 'STALE' | undefined;
  /** Arrival, epoch milliseconds. */
  at: number;
}

/** A language model was asked for something that nobody waits for. */
export interface ModelCalled {
  tenant: { tenantId: string; slug: string; schema: string };
  purpose: 'memory' | 'summary';
  /** On whose account, as far as it is known. */
  principalId: string | undefined;
  /** Whom the principal serves. */
  userId: string | undefined;
  requestId: string | undefined;
  model: string;
  messages: readonly { content: string }[];
  text: string;
  /** As the server counted. */
  usage: { promptTokens: number; completionTokens: number } | undefined;
  failed: boolean;
  /** Milliseconds. */
  durationMs: number;
}

/** Heard inside one process. */
export interface LocalEvents {
  'model.called': ModelCalled;
  'request.completed': RequestCompleted;
}

/** Events of a stream on their way to the process whose client reads them. */
export interface StreamBatch {
  /** Id of the reader that asked for them. */
  reader: string;
  /** Number of the first entry, and how many UTF-16 units of it came in earlier batches. */
  from: number;
  offset: number;
  /** The last one goes on in the next batch when `open` is true. */
  entries: string[];
  open: boolean;
  /** What becomes of the stream after these entries; `beyond`: it has not told as much as the reader claims to know. */
  state: 'goes on' | 'ended' | 'replaced' | 'beyond';
  /** In the first batch. */
  templates?: { before: string; after: string }[];
}

/** Heard by every process on the same database, the sender included. Small: PostgreSQL carries at most 8,000 bytes. */
export interface ClusterEvents {
  /** The tenant's index log has grown up to `seq`. */
  'index.changed': { schema: string; seq: number };
  /** A document waits to be processed. */
  'documents.queued': { schema: string };
  /** A turn waits to be learnt from. */
  'memories.queued': { schema: string };
  /** A key was revoked or changed: forget cached principals. */
  'keys.changed': { tenantId: string };
  /** The tenant answers with another engine from now on. */
  'engine.switched': { tenantId: string };
  /** Cached values of a tenant (or of the control plane, schema `public`) are to be forgotten; the process `origin` has done so. */
  'cache.dropped': { origin: string; schema: string; selector: { tag: string } | { key: string } | { namespace: string } };
  /** A process that has no such stream looks for its owner, for a client that knows the events up to `after`. */
  'stream.wanted': { stream: string; after: number; reader: string; door: string; tenantId: string; principalId: string };
  'stream.told': StreamBatch;
  /** The client of a reader has the events up to `upTo`; or it has left. Also a sign of life. */
  'stream.read': { reader: string; upTo: number; left: boolean };
  'stream.cancel': { stream: string; asker: string; door: string; tenantId: string; principalId: string };
  'stream.cancelled': { asker: string; status: 'cancelled' | 'finished' };
}
