import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
const generator = 'node_modules/@hey-api/openapi-ts/bin/run.js';

/** Loaded into the generating processes: whoever dials or listens fails, so that nothing they write can depend on a network. */
const offline = `data:text/javascript,${encodeURIComponent(`
  import net from 'node:net';
  const refuse = () => { throw new Error('generation must not use the network'); };
  net.Socket.prototype.connect = net.Server.prototype.listen = globalThis.fetch = refuse;
`)}`;

const folder = mkdtempSync(join(tmpdir(), 'ai-stack-generated-'));
const fresh = join(folder, 'openapi.json');

beforeAll(async () => {
  const node = (args: string[], env: Record<string, string> = {}) => run(process.execPath, args, { env: { ...withoutSettings(), NODE_OPTIONS: `--import=${offline}`, ...env } });
  // Side by side: the client comes from the committed document, which the first test compares with the fresh one.
  await Promise.all([node(['dist/src/openapi.js', fresh]), node([generator, '-f', 'openapi-ts.config.js'], { OPENAPI_TS_OUTPUT: join(folder, 'client') })]);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const advice = 'run `npm run generate` and commit what it writes';

it('libs/sdk/openapi.json is what the code of today writes', () => {
  expect(readFileSync('libs/sdk/openapi.json', 'utf8') === readFileSync(fresh, 'utf8'), advice).toBe(true);
});

it('libs/sdk/client is what the generator makes of it, with nothing added or left over', () => {
  const [committed, generated] = [contentsOf('libs/sdk/client'), contentsOf(join(folder, 'client'))];
  const differing = [...new Set([...committed.keys(), ...generated.keys()])].filter((file) => committed.get(file) !== generated.get(file));
  expect(differing, advice).toEqual([]);
  expect(generated.size).toBeGreaterThan(5);
});

it('every generated file says so in its first line', () => {
  const silent = [...contentsOf('libs/sdk/client')].filter(([, text]) => !text.startsWith('// generated, do not edit')).map(([file]) => file);
  expect(silent).toEqual([]);
});

/** Of this process, without anything that configures the product: the document must not depend on it. */
function withoutSettings(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR };
}

function contentsOf(root: string): Map<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(files.map((entry) => join(entry.parentPath, entry.name)).map((path) => [relative(root, path), readFileSync(path, 'utf8')]));
}
