import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { EmbeddedPostgresError } from './errors.js';

/** The operating-system account the server runs under when we are root (PostgreSQL refuses to be root). */
export interface ServerAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Bits of one class (owner, group or others) of a directory's mode. */
const MAY_PASS = 0o1;
const MAY_LIST = 0o4;

/** Preferred first. The account needs an entry in /etc/passwd: initdb looks its own name up. */
const CANDIDATES = ['postgres', '_postgres', 'ai-stack', 'node', 'nobody', 'daemon'];

/**
 * Chooses the account, or undefined for an ordinary user (and on Windows), who runs the server directly.
 * The owner of an existing data directory goes first, so that the choice is stable.
 */
export function chooseAccount(dataDirectory: string): ServerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readAccounts();
  const owner = ownerOf(dataDirectory);
  const byOwner = accounts.find((account) => account.uid === owner);
  if (byOwner) return byOwner;
  for (const name of CANDIDATES) {
    const found = accounts.find((account) => account.name === name);
    if (found) return found;
  }
  throw new EmbeddedPostgresError(
    'no-account',
    `PostgreSQL refuses to run as root, and /etc/passwd has none of the accounts ${CANDIDATES.join(', ')} to run it under. ` +
      'Create one (`useradd --system ai-stack`), run AI Stack as an ordinary user, or set DATABASE_URL to a PostgreSQL server of your own.',
  );
}

/**
 * Whether the account may pass through a directory and every one above it, judged by mode bits.
 * Access lists are not looked at: a wrong "no" only costs a detour.
 */
export function canPass(directory: string, account: ServerAccount): boolean {
  for (let at = resolve(directory); ; at = dirname(at)) {
    if (!permits(at, account, MAY_PASS)) return false;
    if (dirname(at) === at) return true;
  }
}

/** Whether the account may pass to a directory and list it. */
export function canRead(directory: string, account: ServerAccount): boolean {
  return permits(directory, account, MAY_LIST) && canPass(directory, account);
}

function permits(path: string, account: ServerAccount, need: number): boolean {
  try {
    const { mode, uid, gid } = statSync(path);
    const bits = uid === account.uid ? mode >> 6 : gid === account.gid ? mode >> 3 : mode;
    return (bits & need) === need;
  } catch {
    // Missing: nothing to reach.
    return false;
  }
}

function readAccounts(): ServerAccount[] {
  let passwd: string;
  try {
    passwd = readFileSync('/etc/passwd', 'utf8');
  } catch {
    // An image without /etc/passwd has no accounts; the caller says what to do about it.
    return [];
  }
  return passwd
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ name, uid, gid }) => name !== '' && uid > 0 && gid >= 0);
}

function ownerOf(path: string): number | undefined {
  try {
    return statSync(path).uid;
  } catch {
    // Not initialised yet.
    return undefined;
  }
}
