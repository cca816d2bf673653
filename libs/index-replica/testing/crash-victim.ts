import { IndexReplica } from '../index-replica.js';
import { SyntheticDocuments } from './synthetic-documents.js';

/** A process that changes an index without pause until somebody kills it; used by the crash test. */
const directory = process.argv[2] as string;
const replica = await IndexReplica.open({
  directory,
  dimensions: 16,
  vectorSpace: 'test@1',
  limits: { tailChunks: 60, graphVectors: 50, quietMilliseconds: 1 },
});
const made = new SyntheticDocuments({
  seed: Date.now() & 0xffff,
  dimensions: 16,
  vocabulary: 300,
  chunkLength: 20,
  clusters: 5,
  collections: 2,
});
let committed = replica.stats().snapshotSeq;
for (let seq = replica.seq + 1; ; seq++) {
  const document = 1 + (seq % 100);
  const { collection, chunks } = made.document(document, 3);
  // Every chunk names its document and the change that wrote it, so that the test can see what belongs together.
  const marked = chunks.map((chunk, i) => ({
    ...chunk,
    key: seq * 10 + i,
    terms: [...chunk.terms, [`document${document}`, 1], [`seq${seq}`, 1]] as [string, number][],
  }));
  await replica.apply(seq, { put: { document, collection, chunks: marked } });
  const { snapshotSeq } = replica.stats();
  if (snapshotSeq !== committed) process.send?.('committed');
  committed = snapshotSeq;
}
