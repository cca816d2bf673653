/** Index replica: one tenant's keyword and vector index in this process, fed from a change log. */
export { IndexReplica } from './index-replica.js';
export { DEFAULT_LIMITS, ReplicaStalledError } from './types.js';
export type {
  Change,
  ChunkEntry,
  CompactOptions,
  DocumentEntry,
  Hit,
  LogPosition,
  LoggedChange,
  RankedHit,
  ReplicaLimits,
  ReplicaOptions,
  ReplicaQuery,
  ReplicaStats,
  SearchOptions,
  StreamedDocumentEntry,
} from './types.js';
