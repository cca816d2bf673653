import { describe, expect, it } from 'vitest';
import { outline, parse, zipOf } from '../parsing.fixture.js';

describe('parseHtml', () => {
  it('keeps the main text with its structure and leaves out what is not content', async () => {
    const page = `<!doctype html><html><head><title>报告 &amp; more</title><style>p{}</style><script>var x = "<p>no</p>";</script></head><body>
      <nav><ul><li>Menu</li></ul></nav><main><h1>Title <small>small</small></h1>
      <p>First   line<br>second &lt;b&gt; <b>bold</b><span hidden>secret</span><span style="display: none">gone</span></p>
      <ol><li>one</li><li>two<ul><li>inner</li></ul></li></ol>
      <table><thead><tr><th>Name<th colspan=2>Both</thead><tr><td>x<td>1<td>2</table>
      <pre>code
  indented</pre><p>${'Enough words to be the main part. '.repeat(10)}</p></main><footer>Imprint</footer></body></html>`;
    const document = await parse(page, 'a.html');
    expect(document.title).toBe('报告 & more');
    expect(outline(document).slice(0, 5)).toEqual([
      'heading1: Title small', 'paragraph: First line\nsecond <b> bold', 'list: 1. one\n2. two\n  - inner', 'table: | Name | Both |  |\n| --- | --- | --- |\n| x | 1 | 2 |', 'code: code\n  indented',
    ]);
    expect(document.content).not.toMatch(/Menu|Imprint|secret|gone|var x/);
  });

  it('believes the charset that the page declares', async () => {
    const bytes = Buffer.concat([Buffer.from('<html><meta charset="gbk"><body><p>'), Buffer.from([0xb2, 0xe2, 0xca, 0xd4]), Buffer.from('</p></body></html>')]);
    expect((await parse(bytes, 'a.html')).content).toBe('测试');
  });

  it('falls back to the whole page when it seems hidden altogether', async () => {
    expect((await parse('<html><body style="display:none"><p>Shown by a script.</p></body></html>', 'a.html')).content).toBe('Shown by a script.');
  });
});

describe('parseMarkdown', () => {
  it('leaves comments out, and keeps what only looks like one', async () => {
    const source = [
      '<!-- toc -->', '# Title <!-- id -->', '', 'Before <!-- TODO. --> after.', '<!--', '# Draft', '', '```', 'never shown', '-->', '- `<!-- a -->` and ``b ` <!-- c -->`` <!-- d -->`', '',
      '```html', '<!-- shown -->', '```', '', '    <!-- code -->', '', 'a ` b <!-- e --> c', 'never <!-- ended', '',
    ].join('\n');
    const document = await parse(source, 'a.md');
    expect(document.content).toBe([
      '# Title', '', 'Before after.', '', '- `<!-- a -->` and ``b ` <!-- c -->```', '', '```html', '<!-- shown -->', '```', '', '    <!-- code -->', '', 'a ` b c', 'never <!-- ended',
    ].join('\n'));
    expect(outline(document).slice(0, 4)).toEqual(['heading1: # Title', 'paragraph: Before after.', 'list: - `<!-- a -->` and ``b ` <!-- c -->```', 'code: ```html\n<!-- shown -->\n```']);
    expect(document.title).toBe('Title');
    await expect(parse('<!-- nothing\n\nelse -->\n', 'a.md')).rejects.toMatchObject({ code: 'no_text' });
  });

  it('takes time in proportion to the length', async () => {
    for (const piece of ['<!--', '<!-- -->', '`<!--', '`` ` <!-- ', '```\n<!-- ', '-->\n']) expect(typeof (await parse(`x${piece.repeat(200_000)}`, 'a.md')).content).toBe('string');
  });
});

describe('tables and data', () => {
  it('reads quoted cells with delimiters and newlines, and divides anyhow where quotation marks do not match', async () => {
    expect((await parse('a;b\n"x; y";"two\nlines"\n', 'a.csv')).content).toBe('| a | b |\n| --- | --- |\n| x; y | two lines |');
    const broken = await parse('a,b\n1,2\n"open,3\n4,5\n', 'a.csv');
    expect(broken.warnings).toMatchObject([{ code: 'csv_quotes' }]);
    expect(broken.content).toContain('| 1 | 2 |');
    expect(broken.content).toContain('| 4 | 5 |');
  });

  it('flattens JSON records to named fields, and reads invalid JSON as text with a warning', async () => {
    const document = await parse('[{"name":"张伟","address":{"city":"北京","tags":["a","b"]}},{"name":"Eve"}]', 'people.json');
    expect(outline(document)).toEqual(['paragraph: name: 张伟\naddress.city: 北京\naddress.tags: a, b', 'paragraph: name: Eve']);
    expect((await parse('{"a": 1,', 'x.json')).warnings).toMatchObject([{ code: 'invalid_json' }]);
    expect(outline(await parse('{"a":1}\nnot json\n{"b":2}', 'x.jsonl'))).toEqual(['paragraph: a: 1', 'paragraph: not json', 'paragraph: b: 2']);
  });
});

describe('parseRtf', () => {
  it('decodes by font and code page, skips what is not body, and keeps structure', async () => {
    const rtf = String.raw`{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 SimSun;}{\f1\fcharset204 Arial;}}{\stylesheet{\s1 heading 1;}}{\info{\title The title}}{\header Running}
\pard\s1 Head\par\pard\plain\f0 \'b2\'e2\'ca\'d4 \u20013?\u25991? {\v hidden}\f1\'cf\'f0\par {\*\unknown skip me}{\pict 0123}
\pard\intbl a\cell b\cell\row\pard\intbl 1\cell 2\cell\row\pard After\emdash all\par}`;
    const document = await parse(rtf, 'a.rtf');
    expect(document.title).toBe('The title');
    expect(outline(document)).toEqual(['heading1: Head', 'paragraph: 测试 中文 Пр', 'table: | a | b |\n| --- | --- |\n| 1 | 2 |', 'paragraph: After—all']);
  });
});

describe('parseEml', () => {
  const mail = (parts: string) => `From: Ann <ann@example.org>\r\nTo: bob@example.org\r\nSubject: =?utf-8?B?5oql5ZGK?=\r\nDate: Mon, 1 Jan 2024 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${parts}--b--\r\n`;
  const attached = (name: string, body: string | Buffer) => `--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(body).toString('base64')}\r\n`;

  it('reads the HTML body and the attachments, and warns of those that cannot be read', async () => {
    const source = mail(`--b\r\nContent-Type: text/html\r\n\r\n<p>Hello <b>Bob</b></p>\r\n${attached('data.csv', 'a,b\n1,2\n')}${attached('photo.png', Buffer.from('89504e470d0a', 'hex'))}`);
    const document = await parse(source, 'a.eml');
    expect(document.title).toBe('报告');
    expect(outline(document).slice(2)).toEqual(['paragraph: Hello Bob', 'heading2: data.csv', 'table: | a | b |\n| --- | --- |\n| 1 | 2 |']);
    expect(document.warnings).toMatchObject([{ code: 'attachment_unreadable' }]);
  });

  it('stops at the limit of nesting', async () => {
    let nested = mail('--b\r\nContent-Type: text/plain\r\n\r\ncore\r\n');
    for (let depth = 0; depth < 4; depth += 1) nested = mail(`--b\r\nContent-Type: text/plain\r\n\r\nlayer ${depth}\r\n${attached(`m${depth}.eml`, nested)}`);
    const document = await parse(nested, 'a.eml', { maxDepth: 2 });
    expect(document.content).toContain('layer 1');
    expect(document.content).not.toContain('core');
    expect(document.warnings).toMatchObject([{ code: 'attachments_skipped' }]);
  });
});

describe('parseEpub', () => {
  const book = (extra: Record<string, string> = {}) =>
    zipOf({
      mimetype: 'application/epub+zip',
      'META-INF/container.xml': '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
      'OPS/book.opf': '<package><metadata><dc:title>The Book</dc:title><dc:creator>Ann</dc:creator></metadata><manifest><item id="b" href="two.xhtml" media-type="application/xhtml+xml"/><item id="a" href="one%20x.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></package>',
      'OPS/one x.xhtml': '<html><body><h1>One</h1><p>First.</p></body></html>',
      'OPS/two.xhtml': '<html><body><h1>Two</h1></body></html>',
      ...extra,
    });

  it('follows the spine', async () => {
    const document = await parse(book(), 'a.epub');
    expect(outline(document)).toEqual(['heading1: One', 'paragraph: First.', 'heading1: Two']);
    expect(document).toMatchObject({ title: 'The Book', metadata: { author: 'Ann' } });
  });

  it('refuses protected books', async () => {
    const encryption = '<encryption><EncryptedData><CipherReference URI="OPS/two.xhtml"/></EncryptedData></encryption>';
    await expect(parse(book({ 'META-INF/encryption.xml': encryption }), 'a.epub')).rejects.toMatchObject({ code: 'encrypted' });
  });
});
