import { ApiStat } from './modules/analytics/adapters/entities/api-stat.entity.js';
import { Conversation } from './modules/engine/adapters/entities/conversation.entity.js';
import { EngineRunRollup } from './modules/engine/adapters/entities/engine-run-rollup.entity.js';
import { UsageRollup } from './modules/engine/adapters/entities/usage-rollup.entity.js';
import { EngineRunRow } from './modules/engine/adapters/entities/engine-run.entity.js';
import { MessageFeedback } from './modules/engine/adapters/entities/message-feedback.entity.js';
import { Message } from './modules/engine/adapters/entities/message.entity.js';
import { PersonalityRow } from './modules/engine/adapters/entities/personality.entity.js';
import { Mem0Receipt } from './modules/memory/adapters/entities/mem0-receipt.entity.js';
import { MemoryHistory } from './modules/memory/adapters/entities/memory-history.entity.js';
import { MemoryTurn } from './modules/memory/adapters/entities/memory-turn.entity.js';
import { MemoryVersion } from './modules/memory/adapters/entities/memory-version.entity.js';
import { Memory } from './modules/memory/adapters/entities/memory.entity.js';
import { ChunkVector } from './modules/rag/adapters/entities/chunk-vector.entity.js';
import { Chunk } from './modules/rag/adapters/entities/chunk.entity.js';
import { Collection } from './modules/rag/adapters/entities/collection.entity.js';
import { DocumentContent } from './modules/rag/adapters/entities/document-content.entity.js';
import { Document } from './modules/rag/adapters/entities/document.entity.js';
import { Embedding } from './modules/search/adapters/entities/embedding.entity.js';
import { AuditEntry } from './platform/audit/audit-entry.entity.js';
import { DatabaseEntities } from './platform/database/database-entities.js';
import { IndexLogEntry } from './platform/database/index-log.entity.js';
import { IndexState } from './platform/database/index-state.entity.js';
import { ApiKey } from './platform/security/entities/api-key.entity.js';
import { IdempotencyKey } from './platform/security/entities/idempotency-key.entity.js';
import { RevokedToken } from './platform/security/entities/revoked-token.entity.js';
import { ServerSecret } from './platform/security/entities/server-secret.entity.js';
import { SigningKey } from './platform/security/entities/signing-key.entity.js';
import { Tenant } from './platform/tenancy/tenant.entity.js';

/** Every table of the product, for the processes, the TypeORM CLI and the test that compares them with the migrations. */
export const ENTITIES = new DatabaseEntities(
  [Tenant, ApiKey, SigningKey, RevokedToken, ServerSecret, IdempotencyKey, AuditEntry, Embedding],
  [Collection, Document, DocumentContent, Chunk, ChunkVector, Conversation, Message, MessageFeedback, EngineRunRow, EngineRunRollup, UsageRollup, PersonalityRow, Memory, MemoryHistory, MemoryVersion, Mem0Receipt, MemoryTurn, ApiStat, IndexLogEntry, IndexState],
);
