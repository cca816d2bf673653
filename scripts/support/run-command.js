import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { root } from './project.js';

/**
 * Runs a program in the project's root to its end. Ctrl-C and SIGTERM are passed on, and end this process after the program.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, timeoutMs?: number, shell?: boolean }} [options] past the time limit the program is ended
 * @returns {Promise<{ code: number, output: string, ms: number }>} output is stdout and stderr as they came
 */
export function runCommand(command, args, { env = process.env, timeoutMs, shell = false } = {}) {
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
    const release = endTogether(child);
    const late = timeoutMs && setTimeout(() => {
      output += `\nNot finished after ${Math.round(timeoutMs / 1000)} s: ended.\n`;
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 10_000).unref();
    }, timeoutMs);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(late);
      release();
      resolve({ code: code ?? 128 + (constants.signals[signal] ?? 0), output, ms: performance.now() - begin });
    });
  });
}

/** A signal to this process ends the child first. @returns the way to stop listening */
function endTogether(child) {
  const pass = (signal) => {
    child.kill(signal);
    child.once('close', () => process.exit(128 + constants.signals[signal]));
  };
  process.on('SIGINT', pass).on('SIGTERM', pass);
  return () => void process.off('SIGINT', pass).off('SIGTERM', pass);
}
