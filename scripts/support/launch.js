import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { compile, isBuilt } from './compile.js';
import { install, isInstalled } from './install.js';
import { inProject, root, say, seconds } from './project.js';

const options = new Map([
  ['--demo', 'also load a small corpus (the documents of this project), so that the first question has an answer'],
  ['--help', 'show this text'],
]);

/** Prepares what is missing and becomes the server. @param {string[]} args of the command line */
export async function launch(args) {
  process.chdir(root);
  if (args.includes('--help') || args.includes('-h')) return void process.stdout.write(usage());
  const unknown = args.filter((arg) => !options.has(arg));
  if (unknown.length > 0) return fail(`Unknown option: ${unknown.join(' ')}. \`npm start -- --help\` lists what there is.`, 2);
  try {
    readEnvFile();
    if (!isInstalled()) await install();
    if (!isBuilt()) await build();
  } catch (error) {
    return fail(`AI Stack could not start: ${error.message}`);
  }
  await import(pathToFileURL(inProject('dist/src/main.js')).href);
}

/** Variables that are set already go before those of the file. */
function readEnvFile() {
  if (existsSync(inProject('.env'))) process.loadEnvFile(inProject('.env'));
}

async function build() {
  const { code, output, ms } = await compile();
  if (code !== 0) throw new Error(`the build failed.\n${output.trimEnd()}`);
  say(`Built in ${seconds(ms)}`);
}

function usage() {
  const column = (name, meaning) => `  ${name.padEnd(8)}${meaning}`;
  return [
    'Usage: npm start [-- <option> …]',
    '',
    ...[...options].map(([name, meaning]) => column(name, meaning)),
    '',
    'Variables, all optional, in the environment or in a file .env (see .env.example):',
    '',
    ...variables(),
    '',
  ].join('\n');
}

/** Two lines each. They are read from .env.example, since the schema itself may not be built yet. */
function variables() {
  const entries = readFileSync(inProject('.env.example'), 'utf8').matchAll(/^# (.+)\n(?:# )?([A-Z0-9_]+=.*)$/gm);
  return [...entries].map(([, meaning, assignment]) => `  ${assignment.replace(/=$/, '')}\n          ${meaning}`);
}

function fail(message, code = 1) {
  say(message);
  process.exitCode = code;
}
