import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the project's root. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Absolute path of something in the project. */
export const inProject = (...parts) => resolve(root, ...parts);

/** @param {number} milliseconds @returns "0.4 s" */
export const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

/** Talks to the person at the terminal; stdout belongs to the program that is started. */
export const say = (line) => void process.stderr.write(`${line}\n`);
