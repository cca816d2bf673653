import { countTokens } from '#libs/text';
import { describe, expect, it } from 'vitest';
import { type Block, type ChunkingSettings, blocksOfText, chunk, defaultChunking } from './index.js';

const small: ChunkingSettings = { maxTokens: 40, overlapTokens: 10, minTokens: 10 };

/** Small repeatable generator, so that a failure can be run again. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const pieces = ['数据库管理系统。', '第一章 总则', '\n', '\n\n', ' ', 'The quick brown fox. ', '😀', '👨‍👩‍👧', '𠮷野家', '# Heading\n', '## 二级标题\n', '- item\n', '| a | b |\n|---|---|\n| 1 | 2 |\n',
  '```\ncode();\n```\n', '…', '\r\n', 'x'.repeat(500), '字'.repeat(300), '\u0301', '\u0001', '1. one\n', 'Dr. Smith said: "Hello." ', '\t', '---\n', '\ud800'];

describe(chunk.name, () => {
  it('keeps every visible character, the limit, the order and whole characters for any input and any blocks', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const next = random(seed);
      const content = Array.from({ length: next(60) }, () => pieces[next(pieces.length)]).join('');
      const blocks: Block[] = next(3) === 0 ? [] : blocksOfText(content, next(2) === 0 ? 'plain' : 'markdown');
      const chunks = chunk(content, blocks, small);
      const covered = new Uint8Array(content.length);
      for (const [index, { start, end, tokens }] of chunks.entries()) {
        covered.fill(1, start, end);
        expect(end).toBeGreaterThan(start);
        expect(tokens).toBe(countTokens(content.slice(start, end)));
        expect(tokens).toBeLessThanOrEqual(small.maxTokens);
        expect(start).toBeGreaterThan(chunks[index - 1]?.start ?? -1);
        const inside = (at: number): boolean => /^[\ud800-\udbff][\udc00-\udfff]$/.test(content.slice(at - 1, at + 1));
        expect(inside(start) || inside(end), `seed ${seed}`).toBe(false);
      }
      for (let at = 0; at < content.length; at++) {
        if (!covered[at]) expect(content.charAt(at), `seed ${seed}, character ${at}`).toMatch(/\s/);
      }
    }
  });

  it('gives each chunk the headings it stands under and begins it with its heading', () => {
    const content = '# Guide\n\n## Install\n\nRun the installer.\n\n## Use **it** #\n\nOpen the page.\n\n### Search\n\nType a word.\n\n# Licence\n\nMIT.';
    const chunks = chunk(content, blocksOfText(content, 'markdown'), defaultChunking);
    expect(chunks.map(({ start, end, headings }) => [headings.join(' > '), content.slice(start, end).split('\n')[0]])).toEqual([
      ['Guide > Install', '# Guide'],
      ['Guide > Use it', '## Use **it** #'],
      ['Guide > Use it > Search', '### Search'],
      ['Licence', '# Licence'],
    ]);
  });

  it('divides long prose at sentences and repeats the last whole sentence', () => {
    const sentences = Array.from({ length: 12 }, (_, index) => `第${index}句话讲的是第${index}件事。`);
    const content = sentences.join('');
    const chunks = chunk(content, blocksOfText(content, 'plain'), { maxTokens: 40, overlapTokens: 15, minTokens: 10 });
    expect(chunks.length).toBeGreaterThan(3);
    for (const [index, { start, end }] of chunks.entries()) {
      expect(content.slice(start, end)).toMatch(/^第\d+句.*。$/s);
      const previous = chunks[index - 1];
      if (previous) expect(content.slice(start, previous.end)).toMatch(/^第\d+句[^。]*。$/);
    }
  });

  it('never cuts a table row or a line of code that fits', () => {
    const rows = Array.from({ length: 30 }, (_, index) => `| row ${index} | value. Another ${index} |`);
    const content = ['| name | value |', '|---|---|', ...rows].join('\n');
    const chunks = chunk(content, blocksOfText(content, 'markdown'), small);
    expect(chunks.flatMap(({ start, end }) => content.slice(start, end).split('\n')).slice(2)).toEqual(rows);
  });

  it('keeps the page of the block a chunk begins with', () => {
    const content = '一页的内容。\n\n二页的内容。';
    const blocks: Block[] = [
      { kind: 'heading', start: 0, end: 6, page: 1, level: 1 },
      { kind: 'heading', start: 8, end: 14, page: 2, level: 1 },
    ];
    expect(chunk(content, blocks).map(({ page }) => page)).toEqual([1, 2]);
  });

  it('takes time in proportion to the length, also for one endless line', () => {
    const line = '这是一个没有句号的长句子，and it goes on and on，';
    const time = (content: string): number => {
      const begin = process.cpuUsage();
      chunk(content, blocksOfText(content, 'markdown'));
      const { user, system } = process.cpuUsage(begin);
      return (user + system) / 1000;
    };
    time(line.repeat(2000));
    for (const unit of [line, 'x', '.', '。', '| ', '\n', '# a\n', '1. ']) {
      const size = 100_000;
      expect(time(unit.repeat(size / unit.length)), JSON.stringify(unit)).toBeLessThan(1500);
    }
    // Processor time is judged, not the clock: a busy machine may take longer.
  });

  it('refuses settings that cannot work', () => {
    expect(() => chunk('x', [], { maxTokens: 0, overlapTokens: 0, minTokens: 0 })).toThrow('maxTokens');
    expect(() => chunk('x', [], { maxTokens: 100, overlapTokens: 60, minTokens: 0 })).toThrow('overlapTokens');
    expect(() => chunk('x', [], { maxTokens: 100, overlapTokens: 10, minTokens: 101 })).toThrow('minTokens');
  });
});
