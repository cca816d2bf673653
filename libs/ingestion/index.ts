/** From a file or text to chunks ready for the index, in this process or in a contained child. */
export type { IngestEvent, IngestJob, IngestResult, IngestSource, PreparedChunk, PreparedChunks, PreparedDocument } from './ingestion.types.js';
export { analyserVersion } from './analyser.js';
export { prepareChunks } from './prepare-chunks.js';
export { hasChineseHeading, loadSpelling } from './spelling.js';
export { fromTsvector } from './tsvector.js';

/** Module that a ContainedPool child runs; its jobs are IngestJob, its events IngestEvent, its result IngestResult. */
export const ingestionEntry = new URL('./ingestion.child.js', import.meta.url);
