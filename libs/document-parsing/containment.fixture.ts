import { serveJobs } from '#libs/contained-process';
import type { ParseOptions } from './document.types.js';
import { parseFile } from './parse-file.js';

export interface ParseJob {
  path: string;
  options: ParseOptions;
}

export interface ParseOutcome {
  characters: number;
  blocks: number;
}

/** What containment.spec.ts and the benchmark run in a child: parse, and report sizes only. */
serveJobs<ParseJob, never, ParseOutcome>(async ({ path, options }) => {
  const { content, blocks } = await parseFile(path, options);
  return { characters: content.length, blocks: blocks.length };
});
