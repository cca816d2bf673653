import type { MigrationInterface } from 'typeorm';
import { AuditAppendOnly1795220100000 } from './shared/1795220100000-audit-append-only.js';
import { AuditLog1795219200020 } from './shared/1795219200020-audit-log.js';
import { Embeddings1795226000100 } from './shared/1795226000100-embeddings.js';
import { ControlPlane1795219200001 } from './shared/1795219200001-control-plane.js';
import { Extensions1795219200000 } from './shared/1795219200000-extensions.js';
import { RevokedTokens1795222400000 } from './shared/1795222400000-revoked-tokens.js';
import { ServerSecrets1795222300000 } from './shared/1795222300000-server-secrets.js';
import { ChunkVectors1795226000000 } from './tenant/1795226000000-chunk-vectors.js';
import { Conversations1795219200000 } from './tenant/1795219200000-conversations.js';
import { Documents1795219200001 } from './tenant/1795219200001-documents.js';
import { IndexLog1795219200002 } from './tenant/1795219200002-index-log.js';
import { ApiStats1795219200003 } from './tenant/1795219200003-api-stats.js';
import { UsageRollups1795226200000 } from './tenant/1795226200000-usage-rollups.js';
import { DocumentAttempts1795222800000 } from './tenant/1795222800000-document-attempts.js';
import { DocumentPauses1795222800010 } from './tenant/1795222800010-document-pauses.js';
import { DocumentAnalyser1795224600000 } from './tenant/1795224600000-document-analyser.js';
import { DocumentRevisions1795226100000 } from './tenant/1795226100000-document-revisions.js';
import { EmbeddedThrough1795226300000 } from './tenant/1795226300000-embedded-through.js';
import { EngineRunMemory1795219200050 } from './tenant/1795219200050-engine-run-memory.js';
import { EngineRunRollups1795220200000 } from './tenant/1795220200000-engine-run-rollups.js';
import { EngineRuns1795219200030 } from './tenant/1795219200030-engine-runs.js';
import { ApiStatsRollups1795219200010 } from './tenant/1795219200010-api-stats-rollups.js';
import { Memories1795219200020 } from './tenant/1795219200020-memories.js';
import { Personalities1795219200060 } from './tenant/1795219200060-personalities.js';
import { MemoryChanges1795220300000 } from './tenant/1795220300000-memory-changes.js';
import { AnswerRecords1795225000000 } from './tenant/1795225000000-answer-records.js';
import { MemoryTurns1795219218000 } from './tenant/1795219218000-memory-turns.js';

export type MigrationClass = new () => MigrationInterface;

/** Migrations of the schema `public`, oldest first. */
export const SHARED_MIGRATIONS: readonly MigrationClass[] = [Extensions1795219200000, ControlPlane1795219200001, AuditLog1795219200020, AuditAppendOnly1795220100000, ServerSecrets1795222300000, RevokedTokens1795222400000, Embeddings1795226000100];

/** Migrations of each tenant's schema, oldest first. Their SQL names no schema: the search path is the tenant's. */
export const TENANT_MIGRATIONS: readonly MigrationClass[] = [
  Conversations1795219200000,
  Documents1795219200001,
  IndexLog1795219200002,
  ApiStats1795219200003,
  ApiStatsRollups1795219200010,
  Memories1795219200020,
  EngineRuns1795219200030,
  EngineRunMemory1795219200050,
  Personalities1795219200060,
  MemoryTurns1795219218000,
  EngineRunRollups1795220200000,
  MemoryChanges1795220300000,
  DocumentAttempts1795222800000,
  DocumentPauses1795222800010,
  DocumentAnalyser1795224600000,
  AnswerRecords1795225000000,
  ChunkVectors1795226000000,
  DocumentRevisions1795226100000,
  UsageRollups1795226200000,
  EmbeddedThrough1795226300000,
];
