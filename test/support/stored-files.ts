import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of the uploaded files that a data folder holds for a tenant; each is named after its document. */
export function storedFiles(dataDirectory: string, schema = 'tenant_default'): string[] {
  const root = join(dataDirectory, 'files');
  if (!existsSync(root)) return [];
  const folders = readdirSync(root).map((store) => join(root, store, schema));
  return folders.filter((folder) => existsSync(folder)).flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
}
