import { describe, expect, it } from 'vitest';
import { docxOf, outline, parse, zipOf } from '../parsing.fixture.js';

const run = (text: string): string => `<w:r><w:t xml:space="preserve">${text}</w:t></w:r>`;
const paragraph = (text: string, properties = ''): string => `<w:p><w:pPr>${properties}</w:pPr>${run(text)}</w:p>`;

describe('parseDocx', () => {
  const styles = `<w:styles xmlns:w="w">
    <w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>
    <w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="我的标题"/><w:basedOn w:val="2"/></w:style>
    <w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/></w:style></w:styles>`;
  const numbering = `<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>
    <w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num></w:numbering>`;

  it('keeps headings (also of derived and outline styles), lists, tables and notes', async () => {
    const item = (text: string, level: number) => paragraph(text, `<w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="5"/></w:numPr>`);
    const row = (...cells: string[]) => `<w:tr>${cells.map((cell) => `<w:tc>${paragraph(cell)}</w:tc>`).join('')}</w:tr>`;
    const body = [
      paragraph('年度报告', '<w:pStyle w:val="1"/>'),
      paragraph('Scope', '<w:pStyle w:val="Mine"/>'),
      paragraph('Deep', '<w:outlineLvl w:val="2"/>'),
      `<w:p>${run('Text with a note')}<w:r><w:footnoteReference w:id="7"/></w:r>${run('.')}</w:p>`,
      item('first', 0) + item('inner', 1) + item('second', 0),
      `<w:tbl>${row('Name', 'A|B')}${row('x', '1')}</w:tbl>`,
    ].join('');
    const footnotes = `<w:footnotes xmlns:w="w"><w:footnote w:type="separator" w:id="0">${paragraph('---')}</w:footnote><w:footnote w:id="7">${paragraph('The note.')}</w:footnote></w:footnotes>`;
    const document = await parse(docxOf(body, { 'word/styles.xml': styles, 'word/numbering.xml': numbering, 'word/footnotes.xml': footnotes }), 'a.docx');
    expect(outline(document)).toEqual([
      'heading1: 年度报告', 'heading2: Scope', 'heading3: Deep', 'paragraph: Text with a note[^7].', 'list: 1. first\n  - inner\n2. second',
      'table: | Name | A\\|B |\n| --- | --- |\n| x | 1 |', 'paragraph: [^7] The note.',
    ]);
  });

  it('leaves out deleted, moved and hidden text, field codes and the second form of drawings', async () => {
    const body = `<w:p>${run('kept ')}<w:ins>${run('added ')}</w:ins><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:moveFrom>${run('moved')}</w:moveFrom>
      <w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:instrText>PAGEREF</w:instrText></w:r>
      <mc:AlternateContent><mc:Choice><w:txbxContent>${paragraph('boxed')}</w:txbxContent></mc:Choice><mc:Fallback>${paragraph('boxed')}</mc:Fallback></mc:AlternateContent></w:p>`;
    expect(outline(await parse(docxOf(body), 'a.docx'))).toEqual(['paragraph: boxed', 'paragraph: kept added']);
  });
});

describe('parseXlsx', () => {
  it('shows dates, percentages and shared texts as a person sees them, and divides tables at blank rows', async () => {
    const cell = (r: string, value: string, attributes = '') => `<c r="${r}" ${attributes}><v>${value}</v></c>`;
    const sheet = `<worksheet><sheetData>
      <row r="1"><c r="A1" t="inlineStr"><is><t>Sales 2024</t></is></c></row>
      <row r="2">${cell('A2', '0', 't="s"')}${cell('B2', '1', 't="s"')}${cell('C2', '2', 't="s"')}</row>
      <row r="3">${cell('A3', '45000', 's="1"')}${cell('B3', '0.30000000000000004')}${cell('C3', '0.125', 's="2"')}</row>
      <row r="4">${cell('A4', '45000.5', 's="3"')}${cell('C4', '1', 't="b"')}</row>
      <row r="8">${cell('B8', 'x', 't="str"')}${cell('XFD8', 'far', 't="str"')}</row></sheetData></worksheet>`;
    const workbook = zipOf({
      '[Content_Types].xml': '<Types/>',
      'xl/workbook.xml': '<workbook><sheets><sheet name="一月" r:id="r1"/><sheet name="Secret" state="hidden" r:id="r2"/></sheets></workbook>',
      'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="r1" Type="t/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="t/worksheet" Target="worksheets/sheet2.xml"/>
        <Relationship Id="r3" Type="t/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r4" Type="t/styles" Target="/xl/styles.xml"/></Relationships>`,
      'xl/sharedStrings.xml': '<sst><si><t>Day</t></si><si><r><t>A</t></r><r><t>mount</t></r><rPh><t>x</t></rPh></si><si><t>Share</t></si></sst>',
      'xl/styles.xml': '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="10"/><xf numFmtId="170"/></cellXfs></styleSheet>',
      'xl/worksheets/sheet1.xml': sheet,
      'xl/worksheets/sheet2.xml': sheet,
    });
    const document = await parse(workbook, 'a.xlsx');
    expect(outline(document).slice(0, 3)).toEqual([
      'heading1: 一月', 'paragraph: Sales 2024', 'table: | Day | Amount | Share |\n| --- | --- | --- |\n| 2023-03-15 | 0.3 | 12.5% |\n| 2023-03-15 12:00:00 |  | TRUE |',
    ]);
    expect(outline(document)[3]?.length).toBeLessThan(250);
    expect(document.warnings).toMatchObject([{ code: 'hidden_sheet' }]);
  });
});

describe('parsePptx', () => {
  it('puts the title first, keeps slides as pages and adds the notes', async () => {
    const shape = (type: string, ...texts: string[]) => `<p:sp><p:nvSpPr><p:nvPr>${type ? `<p:ph type="${type}"/>` : ''}</p:nvPr></p:nvSpPr><p:txBody>${texts.map((text) => `<a:p><a:r><a:t>${text}</a:t></a:r></a:p>`).join('')}</p:txBody></p:sp>`;
    const relation = (type: string, target: string) => `<Relationship Id="r1" Type="t/${type}" Target="${target}"/>`;
    const document = await parse(
      zipOf({
        'ppt/presentation.xml': '<p:presentation><p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst></p:presentation>',
        'ppt/_rels/presentation.xml.rels': `<Relationships>${relation('slide', 'slides/slide1.xml')}</Relationships>`,
        'ppt/slides/slide1.xml': `<p:sld>${shape('sldNum', '1')}${shape('body', 'One', 'Two')}${shape('title', 'Plan')}</p:sld>`,
        'ppt/slides/_rels/slide1.xml.rels': `<Relationships>${relation('notesSlide', '../notesSlides/n1.xml')}</Relationships>`,
        'ppt/notesSlides/n1.xml': `<p:notes>${shape('body', 'Say this.')}</p:notes>`,
      }),
      'a.pptx',
    );
    expect(outline(document)).toEqual(['heading1: Plan', 'list: - One\n- Two', 'paragraph: Say this.']);
    expect(document.blocks.every(({ page }) => page === 1)).toBe(true);
  });
});

describe('parseOdf', () => {
  const content = (kind: string, body: string) => zipOf({ mimetype: `application/vnd.oasis.opendocument.${kind}`, 'content.xml': `<office:document-content><office:body><office:${kind}>${body}</office:${kind}></office:body></office:document-content>` });

  it('reads text, lists and tables, and no tracked changes', async () => {
    const body = `<text:tracked-changes><text:p>old</text:p></text:tracked-changes><text:h text:outline-level="2">Head</text:h><text:p>a<text:s text:c="2"/>b<text:line-break/>c</text:p>
      <text:list><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>deep</text:p></text:list-item></text:list></text:list-item></text:list>
      <table:table><table:table-row><table:table-cell><text:p>k</text:p></table:table-cell><table:table-cell><text:p>v</text:p></table:table-cell></table:table-row></table:table>`;
    expect(outline(await parse(content('text', body), 'a.odt'))).toEqual(['heading2: Head', 'paragraph: a  b\nc', 'list: - one\n  - deep', 'table: | k | v |\n| --- | --- |']);
  });

  it('is not drowned by the repeated cells at the edge of a sheet', async () => {
    const cells = '<table:table-cell><text:p>n</text:p></table:table-cell><table:table-cell><text:p>7</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16382"/>';
    const body = `<table:table table:name="Data"><table:table-row>${cells}</table:table-row><table:table-row table:number-rows-repeated="1048575"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>`;
    expect(outline(await parse(content('spreadsheet', body), 'a.ods'))).toEqual(['heading1: Data', 'table: | n | 7 |\n| --- | --- |']);
  });
});
