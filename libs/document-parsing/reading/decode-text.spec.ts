import { describe, expect, it } from 'vitest';
import { decodeText } from './decode-text.js';

/** `TextEncoder` writes UTF-8 only: other encodings are found by decoding every pair of bytes once. */
function encode(text: string, encoding: string): Uint8Array {
  const codes = new Map<string, number[]>();
  const decoder = new TextDecoder(encoding, { fatal: true });
  for (let byte = 0; byte < 256; byte += 1) remember(codes, decoder, [byte]);
  for (let lead = 0x81; lead < 0xff; lead += 1) for (let trail = 0x40; trail < 0xff; trail += 1) remember(codes, decoder, [lead, trail]);
  return Uint8Array.from([...text].flatMap((character) => codes.get(character) ?? []));
}

function remember(codes: Map<string, number[]>, decoder: InstanceType<typeof TextDecoder>, bytes: number[]): void {
  try {
    const character = decoder.decode(Uint8Array.from(bytes));
    if ([...character].length === 1 && !codes.has(character)) codes.set(character, bytes);
  } catch {
    return; // Not a character of this encoding.
  }
}

function utf16(text: string, littleEndian: boolean): Uint8Array {
  const bytes = Buffer.from(text, 'utf16le');
  return littleEndian ? bytes : bytes.swap16();
}

describe('decodeText', () => {
  it.each([
    ['gb18030', '测试文档'],
    ['gb18030', '中文'],
    ['gb18030', '产品说明'],
    ['gb18030', '本季度销售收入增长了百分之十二，利润为三千万元。'],
    ['gb18030', 'id,姓名,城市\n1,张伟,北京\n2,王芳,上海\n'],
    ['big5', '測試文件'],
    ['big5', '中文'],
    ['big5', '產品說明'],
    ['big5', '本季度銷售收入增長了百分之十二，利潤為三千萬元。'],
    ['shift_jis', '名前,年齢,住所\n佐藤太郎,30,東京'],
    ['shift_jis', 'これはテストです。'],
    ['euc-jp', 'これは日本語の文書です。'],
    ['euc-kr', '이것은 한국어 문서입니다.'],
    ['windows-1251', 'Это русский текст о поставках оборудования.'],
    ['windows-1252', 'Le café où les élèves étudiaient était fermé à Noël.'],
    ['windows-1252', 'Die Größe der Bürgerinitiative überraschte alle Gäste.'],
  ])('reads %s: %s', (encoding, text) => {
    expect(decodeText(encode(text, encoding)).text).toBe(text);
  });

  it('reads UTF-8 and UTF-16, with and without a byte-order mark', () => {
    const text = '文档 Document № 1\n第二行 line two\n';
    expect(decodeText(Buffer.from(`\ufeff${text}`)).text).toBe(text);
    expect(decodeText(Buffer.from(text)).encoding).toBe('utf-8');
    for (const littleEndian of [true, false]) {
      expect(decodeText(utf16(`\ufeff${text}`, littleEndian)).text).toBe(text);
      expect(decodeText(utf16(text, littleEndian)).text).toBe(text);
    }
  });

  it('believes a declared encoding only when the bytes agree with it', () => {
    expect(decodeText(encode('测试', 'gb18030'), 'gb2312').text).toBe('测试');
    expect(decodeText(Buffer.from('测试'), 'big5').text).toBe('测试');
  });

  it('keeps UTF-8 with one broken byte as UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('中文内容很长，'.repeat(20)), Buffer.from([0xff]), Buffer.from('结尾')]);
    expect(decodeText(bytes).text).toContain('结尾');
  });
});
