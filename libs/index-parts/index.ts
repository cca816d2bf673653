/** What the keyword index, the vector index and the replica share: durable files, growing arrays, best hits. */
export { BrokenFileError, loadVerified, readExactly, summariseFile, syncDirectory, verifyFile } from './file-reader.js';
export { FileWriter, writeArrayFile, type FileSummary } from './file-writer.js';
export { freeBuffer } from './free-buffer.js';
export { GrowableArray, type NumberArray } from './growable-array.js';
export { TopHits, type Hit } from './top-hits.js';
