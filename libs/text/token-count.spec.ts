import { describe, expect, it } from 'vitest';
import { countTokens, detectLanguage, endOfTokens } from './index.js';

describe(countTokens.name, () => {
  it('estimates prose of both languages', () => {
    // 12 and 14 by a current byte-pair vocabulary.
    expect(countTokens('The quick brown fox jumps over the lazy dog, they say.')).toBeGreaterThanOrEqual(10);
    expect(countTokens('The quick brown fox jumps over the lazy dog, they say.')).toBeLessThanOrEqual(15);
    expect(countTokens('数据库管理系统')).toBe(7);
    expect(countTokens('  \t ')).toBe(0);
  });
});

describe(endOfTokens.name, () => {
  it('cuts between words, inside a word only when it is too long, never inside a character', () => {
    expect(endOfTokens('alpha beta gamma', 0, 16, 2)).toBe('alpha beta '.length);
    expect(endOfTokens('x'.repeat(100), 0, 100, 5)).toBe(30);
    expect(endOfTokens('😀😀', 0, 4, 3)).toBe(2);
    expect(endOfTokens('😀😀', 0, 4, 1)).toBe(2);
  });
});

describe(detectLanguage.name, () => {
  it.each([
    ['数据库管理系统是一种软件', 'zh'],
    ['使用 PostgreSQL 数据库管理系统存储所有的文档', 'zh'],
    ['The database is called 数据库 in Chinese, which means a base of data', 'en'],
    ['用户 user 登录 login 权限 permission', 'mixed'],
    ['Это предложение', 'other'],
    ['これはテストです', 'other'],
    ['123 …', 'other'],
  ])('%s is %s', (text, language) => {
    expect(detectLanguage(text)).toBe(language);
  });
});
