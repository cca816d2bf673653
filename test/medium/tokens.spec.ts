import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { TokenService } from '../../src/platform/security/token.service.js';
import { openPlatform, type TestPlatform } from '../support/platform.js';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await openPlatform({ migrated: true });
});
afterAll(() => platform.close());

it('however many tokens come at once, the keys that signed them are read once', async () => {
  const tokens = new TokenService(platform.database);
  const reads = vi.spyOn(platform.database.control, 'transaction');
  const claims = await Promise.all(Array.from({ length: 50 }, () => tokens.verify('eyJhbGciOiJFUzI1NiJ9.e30.x')));
  expect(claims.every((claim) => claim === undefined)).toBe(true);
  expect(reads).toHaveBeenCalledTimes(1);
});
