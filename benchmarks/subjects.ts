export interface Subject {
  /** File in this folder, argument of `npm run bench`. */
  name: string;
  title: string;
  /** What is measured and how to read it. */
  about: string;
  /** For Node.js. */
  flags?: string[];
}

export const subjects: readonly Subject[] = [
  {
    name: 'retrieval-quality',
    title: 'Retrieval quality',
    about: 'Questions with known answers of five public sets, searched by keywords, by vectors and by both. nDCG@10 and recall@10 look at the first ten documents, MAP at all; 1 is perfect. Floors for hybrid: cmrc2018 0.96, drcd 0.93, xquad 0.94 (nDCG@10), cacm 0.28 (MAP), and nowhere below keyword.',
  },
  {
    name: 'smart-qa',
    title: 'Answers without a language model',
    about: 'Extracted answers: do the cited sentences hold the right answer, and is a question refused when the documents do not answer it? Constants were fitted on the tuned half; the held-out half is the honest one. Floors: 75 % held, 70 % of the foreign questions refused, 10 % of the answerable ones refused at most.',
  },
  {
    name: 'serving',
    title: 'Search over HTTP, memory, start',
    about:
      'The server as it ships, a process of its own with its embedded database, asked real questions; documents are made of sentences of the same sets. **Uncached**: every question once, after 3,000 searches that let V8 compile what it will (the libraries are warmed up as well). **Cached**: the same 300 again and again. At a constant rate, latency counts from when a request was due. **Libraries alone**: text analysis, embedding, index and fusion of the same questions over the same index files, one after the other in one process, without HTTP, database or anything else; above 1 the server outdoes them because it uses the second core. **Own memory** is RssAnon + RssShmem of the API process: what is resident without mapped files.',
  },
  {
    name: 'openai-stream',
    title: 'Chat completions through the server',
    about:
      'A streamed answer of a scripted model, called directly and through `POST /v1/chat/completions` in turns: what retrieval, prompt and translation add to the first token, the rate at which tokens pass, and what an open stream holds. Client, model and server are a process each, and so is the relay, which shows what any process in between costs on this machine; ' +
      'the official client reads single answers (tokens that arrive together reach it in one chunk, so that it has less to do than directly), a bare one the many at once. The model answers at once, so that its own time hides nothing. ' +
      'Targets: p95 below 5 ms added, 80 % of the direct rate, below 100 kB a stream.',
  },
  {
    name: 'memory',
    title: 'Memories of one user',
    about: 'A search as an answer waits for it: the version asked in the database, the question analysed and embedded, keywords and vectors over all memories. **First search** reads them all from the database. **Turn**: what blocks the event loop at one stretch, in processor time. **CPU** is what one search costs, all threads, however busy the machine is. Targets: p95 below 2 ms over 5,000, no turn above 5 ms.',
  },
  {
    name: 'ingest',
    title: 'Ingestion',
    about: 'Documents through the API until they are searchable, beside the stages alone. The event loop is watched inside the server (perf_hooks.monitorEventLoopDelay); on a shared machine it is also late when another process has the core.',
  },
  {
    name: 'index-replica',
    title: 'Index replica',
    about: 'Building, searching and changing the index of one tenant in a process of its own, synthetic documents, beside usearch and a plain BM25 over maps.',
  },
  {
    name: 'document-parsing',
    title: 'Reading documents',
    about: 'Files to text with structure, beside the bare library underneath; then hostile files in a contained child process.',
  },
  {
    name: 'cache',
    title: 'Cache',
    about: 'Cost of a hit beside the bare map underneath; a stampede; what the byte accounting believes beside what the heap grew by.',
    flags: ['--expose-gc'],
  },
  {
    name: 'analytics',
    title: 'Statistics',
    about: 'Overview, time series and endpoints out of the roll-ups, beside plain SQL over every request; then what recording costs. A million requests over 30 days, ten million with `--large`.',
  },
  {
    name: 'dashboard',
    title: 'Live figures',
    about: 'The server as it ships, without and with listeners of one tenant on `/ws/dashboard`, which share its two cores; then one listener that does not read. A sample is taken once a second however many listen.',
  },
];
