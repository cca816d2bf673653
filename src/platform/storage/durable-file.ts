import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Puts a small secret file in place, readable for this user alone: whole and on the disk when this returns, or as it was before, whenever the process is killed or the power fails. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await open(temporary, 'w', 0o600);
  try {
    // One that a killed process left behind keeps its mode.
    await file.chmod(0o600);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  const folder = await open(dirname(path), 'r');
  await folder.sync().finally(() => folder.close());
}
