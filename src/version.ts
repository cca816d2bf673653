import { readFileSync } from 'node:fs';

/** The compiled file lies two folders below package.json: dist/src. */
const manifest = new URL('../../package.json', import.meta.url);

export const version = (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
