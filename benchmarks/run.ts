/**
 * `npm run bench [-- <subject> … --quick | --large]`: runs benchmarks one after the other, each in a process of its own, and puts what they print
 * into docs/benchmarks.md. `--quick` only proves that the benchmarks run and writes nothing.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isLarge, isQuick } from './support/options.js';
import { subjects, type Subject } from './subjects.js';

const page = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));
const longestMs = (isLarge ? 60 : 25) * 60_000;

/** What the program prints; it also appears at once. @throws when it fails or does not end */
async function run({ name, flags = [] }: Subject): Promise<string> {
  const passed = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
  const program = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const child = spawn(process.execPath, [...flags, program, ...passed], { stdio: ['ignore', 'pipe', 'inherit'], timeout: longestMs });
  const stop = () => void child.kill('SIGTERM');
  process.once('exit', stop);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    process.stdout.write(text);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  process.off('exit', stop);
  if (code !== 0) throw new Error(`${name} ended with ${code ?? 'a signal'}`);
  return output.trim();
}

function machine(): string {
  const processors = cpus();
  return `${processors.length} cores (${processors[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GB of memory, ${type()} ${release()}, Node.js ${process.versions.node}`;
}

const marker = (name: string): string => `<!-- ${name} -->`;

/** The sections of the page as it stands, by name. */
function sectionsOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const { name } of subjects) {
    const start = text.indexOf(marker(name));
    const end = text.indexOf(marker(`/${name}`));
    if (start >= 0 && end > start) found.set(name, text.slice(start + marker(name).length, end).trim());
  }
  return found;
}

function write(sections: ReadonlyMap<string, string>): void {
  const body = subjects.flatMap(({ name, title, about }) => {
    const measured = sections.get(name);
    return measured ? [`## ${title}\n\n${about}\n\n\`npm run bench -- ${name}\`\n\n${marker(name)}\n\n${measured}\n\n${marker(`/${name}`)}\n`] : [];
  });
  writeFileSync(page, `${preface}\n${body.join('\n')}`);
}

const preface = `# Benchmarks

Written by \`npm run bench\` (with \`-- --large\` up to 100,000 chunks; with names of sections only those are measured again). Do not edit by hand.

Measured on a machine that other work shared: ${machine()}. Absolute times move with the load of the machine; **ratios and processor times are what to
compare**. Latencies are those of a client on the same two cores as the server and its database. "Floor" names the figure that the product promises.
`;

async function main(): Promise<void> {
  const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  const unknown = wanted.filter((name) => !subjects.some((subject) => subject.name === name));
  if (unknown.length > 0) {
    console.error(`No such benchmark: ${unknown.join(', ')}. There are: ${subjects.map(({ name }) => name).join(', ')}`);
    process.exitCode = 2;
    return;
  }
  const sections = sectionsOf(existsSync(page) ? readFileSync(page, 'utf8') : '');
  for (const subject of subjects) {
    if (wanted.length > 0 && !wanted.includes(subject.name)) continue;
    console.log(`\n# ${subject.title}\n`);
    try {
      sections.set(subject.name, await run(subject));
      // After each, so that a later failure costs nothing that was measured.
      if (!isQuick) write(sections);
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    }
  }
}

await main();
