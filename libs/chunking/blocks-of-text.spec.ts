import { describe, expect, it } from 'vitest';
import { blocksOfText } from './index.js';

function structure(text: string, format: 'plain' | 'markdown'): string[] {
  return blocksOfText(text, format).map(({ kind, level, start, end }) => `${kind}${level ?? ''}: ${text.slice(start, end)}`);
}

describe(blocksOfText.name, () => {
  it('reads both forms of headings, lists, tables and code of Markdown', () => {
    const text = [
      '---', 'title: x', '---', '', 'Title', '=====', 'Text goes', 'on.', '### Deep ###', '- one', '  more', '', '- two', '', '1) three', '',
      '| a | b |', '|:--|--:|', '| 1 | 2 |', '', '```ts', '# not a heading', '', '| no | table |', '```', 'After', '---', '', '    indented()', '', '> quote', '', '#hashtag', '***',
    ].join('\n');
    expect(structure(text, 'markdown')).toEqual([
      'code: ---\ntitle: x\n---',
      'heading1: Title\n=====',
      'paragraph: Text goes\non.',
      'heading3: ### Deep ###',
      'list: - one\n  more\n\n- two\n\n1) three',
      'table: | a | b |\n|:--|--:|\n| 1 | 2 |',
      'code: ```ts\n# not a heading\n\n| no | table |\n```',
      'heading2: After\n---',
      'code: indented()',
      'paragraph: > quote',
      'paragraph: #hashtag',
      'paragraph: ***',
    ]);
  });

  it('takes an unclosed fence to the end and Windows line breaks as breaks', () => {
    expect(structure('# A\r\n\r\nx\r\n~~~\r\ncode\r\n', 'markdown')).toEqual(['heading1: # A', 'paragraph: x', 'code: ~~~\r\ncode']);
  });

  it('finds paragraphs and numbered Chinese headings in plain text', () => {
    expect(structure('第一章 总则\n第一条 为了规范管理。\n第二条 本办法所称员工。\n\n第二节　招聘\n第三章规定了下列事项，应当遵守。', 'plain')).toEqual([
      'heading2: 第一章 总则',
      'paragraph: 第一条 为了规范管理。\n第二条 本办法所称员工。',
      'heading3: 第二节　招聘',
      'paragraph: 第三章规定了下列事项，应当遵守。',
    ]);
  });
});
