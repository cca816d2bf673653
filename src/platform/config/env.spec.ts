import { expect, it } from 'vitest';
import { parseEnv } from './env.js';

it('TRUST_PROXY is a number of proxies or their addresses; true is one of them, not whatever a client writes', () => {
  const given = ['true', '1', '2', 'false', '0', '10.0.0.1, fd00::/8'];
  expect(given.map((value) => parseEnv({ TRUST_PROXY: value }).TRUST_PROXY)).toEqual([1, 1, 2, 0, 0, ['10.0.0.1', 'fd00::/8']]);
  for (const value of ['yes', '10', '10.0.0.0/33', '10.0.0.1,']) expect(() => parseEnv({ TRUST_PROXY: value })).toThrow(/TRUST_PROXY.*number of proxies/);
});
