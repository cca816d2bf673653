import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { systemErrorCode } from './errors.js';
import { isPostgresOn } from './processes.js';

/** Where a server listens. A socket lies in the data directory, which only its owner (and root) may enter. */
export type Endpoint = { readonly kind: 'socket'; readonly port: number } | { readonly kind: 'tcp'; readonly port: number };

/** A running server as its `postmaster.pid` describes it. */
export interface Postmaster {
  readonly pid: number;
  readonly endpoint: Endpoint;
  readonly status: 'starting' | 'ready' | 'stopping';
}

/** What `postmaster.pid` says: nothing, a server of this data directory, or the trace of a dead one. */
export type Found = { readonly kind: 'none' } | { readonly kind: 'stale'; readonly pid: number } | { readonly kind: 'running'; readonly server: Postmaster };

export async function findPostmaster(dataDirectory: string): Promise<Found> {
  let lines: string[];
  try {
    // Lines: pid, data directory, start time, port, socket directory, listen address, shared memory key, status.
    lines = (await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8')).split('\n').map((line) => line.trim());
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return { kind: 'none' };
    throw error;
  }
  const pid = Math.abs(Number.parseInt(lines[0] ?? '', 10)) || 0;
  if (!(await isPostgresOn(pid, dataDirectory))) return { kind: 'stale', pid };
  const kind = (lines[4] ?? '') === '' ? 'tcp' : 'socket';
  return { kind: 'running', server: { pid, endpoint: { kind, port: Number(lines[3] ?? 0) }, status: statusOf(lines[7] ?? '') } };
}

function statusOf(text: string): Postmaster['status'] {
  if (text === 'ready' || text === 'standby') return 'ready';
  return text === 'stopping' ? 'stopping' : 'starting';
}

/** Path of the socket a server with this port opens in its data directory. */
export function socketPath(dataDirectory: string, port: number): string {
  return join(dataDirectory, `.s.PGSQL.${port}`);
}

/** Whether anybody answers at the socket: true also for a server in another container, whose process we cannot see. */
export async function socketAnswers(path: string): Promise<boolean> {
  return new Promise((answer) => {
    const client = connect(path);
    const finish = (result: boolean) => (): void => {
      client.destroy();
      answer(result);
    };
    client.once('connect', finish(true)).once('error', finish(false)).setTimeout(1_000, finish(false));
  });
}
