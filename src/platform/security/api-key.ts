import { createHash, randomBytes } from 'node:crypto';

const keyBytes = 32;

/** A new key: 256 random bits, recognisable by its start. Shown once; only the hash is kept. */
export function generateApiKey(): string {
  return `ask_${randomBytes(keyBytes).toString('base64url')}`;
}

/** SHA-256 is enough: the key has 256 bits of entropy, there is nothing to guess slowly. */
export function hashApiKey(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest();
}

/** What lists show so that a person recognises a key. */
export function prefixOf(key: string): string {
  return key.slice(0, 12);
}
