import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { checkFreeSpace } from './free-space.js';

it('says how many bytes are free, and that it is too little below the limit', async () => {
  const { free_bytes } = await checkFreeSpace(tmpdir(), 0);
  expect(free_bytes).toBeGreaterThan(0);
  await expect(checkFreeSpace(tmpdir(), Infinity)).rejects.toMatchObject({ name: 'DegradedError', detail: { free_bytes: expect.any(Number) } });
  await expect(checkFreeSpace('/no/such/folder')).rejects.toThrow('ENOENT');
});
