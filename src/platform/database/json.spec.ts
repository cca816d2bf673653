import { expect, it } from 'vitest';
import { storableJson } from './json.js';

it.each<[object, string]>([
  [{ a: 'plain', n: 1 }, '{"a":"plain","n":1}'],
  [{ a: '\u0000x\ud800y', list: ['\udc00'] }, '{"a":"x\ufffdy","list":["\ufffd"]}'],
  [{ a: '🙂 \\u0000' }, '{"a":"🙂 \\\\u0000"}'],
])('%j is stored as %s', (value, json) => {
  expect(storableJson(value)).toBe(json);
});
