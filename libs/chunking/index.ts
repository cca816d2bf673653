export type { Block, BlockKind, Chunk, ChunkingSettings } from './types.js';
