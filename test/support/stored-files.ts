import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of the uploaded files that a data folder holds, of all tenants; each is named after its document. */
export function storedFiles(dataDirectory: string): string[] {
  const root = join(dataDirectory, 'files');
  if (!existsSync(root)) return [];
  const found = readdirSync(root, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile() && entry.parentPath !== root).map((entry) => join(entry.parentPath, entry.name));
}
