import { splitSentences, type TextRange } from '#libs/text';

/** What a sentence stands in; `columns` are their names above a table. A line of a table or of code is one sentence: it repeats words of a question easily, and seldom says anything. */
export type SentenceKind = 'heading' | 'prose' | 'columns' | 'table' | 'code';

export interface PassageSentence extends TextRange {
  kind: SentenceKind;
}

interface Part extends TextRange {
  kind: Exclude<SentenceKind, 'heading'>;
}

const LINE = /[^\n\r\u2028\u2029\f\v]+/g;
/** Opens or closes code, in quotes and list items, too. What follows the marks of an opening one names the language. */
const FENCE = /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})(.*)$/;
const ROW = /^[ \t>]*\|.*\|[ \t]*$/;
const BORDER = /^[ \t>]*\|(?=.*-)[\s|:-]+$/;
const FRONT_MATTER = /^---[ \t]*\r?\n(?:[^\n]*\S[^\n]*\n){1,100}?---[ \t]*(?:\r?\n|$)/;
/** A command that stands alone. */
const CODE = /^[ \t>]*`[^`]+`[ \t]*$/;
const WORD = /[\p{L}\p{N}]/u;

/** The sentences of a passage, in order, those of Markdown without the signs of headings. What has no word (rules, borders of tables) and comments of HTML are none. */
export function sentencesOf(text: string): PassageSentence[] {
  const sentences: PassageSentence[] = [];
  for (const { kind, start, end } of partsOf(text)) {
    const slice = text.slice(start, end);
    const ranges = kind === 'prose' ? joinLines(slice, splitSentences(slice)) : [{ start: 0, end: slice.trimEnd().length }];
    for (const range of ranges) {
      if (WORD.test(slice.slice(range.start, range.end))) sentences.push(withoutHeadingMarks(text, { kind, start: start + range.start, end: start + range.end }));
    }
  }
  return sentences;
}

/** Neighbouring lines of prose together, lines of tables and code each alone. */
function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let fence = fenceAround(text);
  const frontMatter = FRONT_MATTER.exec(text)?.[0].length ?? 0;
  let hiddenTo = 0;
  for (const { 0: line, index: start } of text.matchAll(LINE)) {
    if (start < hiddenTo) continue;
    const { marks, after } = fenceOf(line);
    const end = start + line.length;
    if (start < frontMatter) {
      parts.push({ kind: 'code', start, end });
    } else if (fence !== undefined) {
      if (marks?.startsWith(fence) && after.trim() === '') fence = undefined;
      else parts.push({ kind: 'code', start, end });
    } else if (marks !== undefined) {
      fence = marks;
    } else {
      hiddenTo = endOfComment(text, start, line);
      if (start < hiddenTo) continue;
      const previous = parts.at(-1);
      if (CODE.test(line)) parts.push({ kind: 'code', start, end });
      else if (BORDER.test(line) && previous?.kind === 'table') previous.kind = 'columns';
      else if (ROW.test(line)) parts.push({ kind: 'table', start, end });
      else if (previous?.kind === 'prose' && text.slice(previous.end, start).trim() === '') previous.end = end;
      else parts.push({ kind: 'prose', start, end });
    }
  }
  return parts;
}

/** The marks of a line that opens or closes code, and what follows them; backticks around words in a line are no marks. */
function fenceOf(line: string): { marks?: string; after: string } {
  const [, marks = '', after = ''] = FENCE.exec(line) ?? [];
  return marks === '' || (marks.startsWith('`') && after.includes('`')) ? { after } : { marks, after };
}

/**
 * The marks of the code that the passage begins within: long code is divided between passages. Then its first fence is the closing one,
 * which names no language and has a blank line or nothing after it.
 */
function fenceAround(text: string): string | undefined {
  if (!text.includes('```') && !text.includes('~~~')) return undefined;
  for (const { 0: line, index } of text.matchAll(LINE)) {
    const { marks, after } = fenceOf(line);
    if (marks !== undefined) return after.trim() === '' && /^(?:(?:\r\n|.)[ \t]*(?:[\r\n]|$)|$)/s.test(text.slice(index + line.length, index + line.length + 80)) ? marks : undefined;
  }
  return undefined;
}

/** Where the comment ends that begins with this line and leaves nothing else on its last one; 0 if there is none. */
function endOfComment(text: string, start: number, line: string): number {
  if (!line.trimStart().startsWith('<!--')) return 0;
  const end = text.indexOf('-->', start);
  return end >= 0 && /^[ \t]*(?:[\n\r\u2028\u2029\f\v]|$)/.test(text.slice(end + 3)) ? end + 3 : 0;
}

/** A shorter line ends where its author wanted it to end. */
const WRAPPED = 40;
/** Of lines joined to one sentence. */
const LONGEST = 800;
const oneBreak = /^[ \t]*(?:\r\n|\n|\r)[ \t>]*$/;
const comma = /[,，、]$/;
const stop = /[.!?。！？；;:：…]$/;
/** Not a label or a numbered item. */
const lowerCase = /^(?:`|[("“]?\p{Ll}(?![.)]|[\w. -]{0,40}[:=：]))/u;
const newItem = /^(?:[-*+>#]|\d{1,9}[.)])[ \t]/;

/** Puts together what hard wrapping divided. */
function joinLines(text: string, ranges: readonly TextRange[]): TextRange[] {
  const joined: TextRange[] = [];
  for (const { start, end } of ranges) {
    const previous = joined.at(-1);
    if (previous && end - previous.start <= LONGEST && goesOn(text, previous, { start, end })) previous.end = end;
    else joined.push({ start, end });
  }
  return joined;
}

/** A long line without an end goes on in lower case (or with code), any line goes on after a comma. */
function goesOn(text: string, before: TextRange, after: TextRange): boolean {
  if (before.end === after.start || !oneBreak.test(text.slice(before.end, after.start))) return false;
  const [first, second] = [text.slice(before.start, before.end), text.slice(after.start, after.end)];
  if (opening.test(first)) return false;
  if (comma.test(first)) return !newItem.test(second);
  const isLong = before.end >= WRAPPED && !/[\n\r]/.test(text.slice(before.end - WRAPPED, before.end));
  return isLong && !stop.test(first) && lowerCase.test(second);
}

const opening = /^#{1,6}[ \t]+(?=\S)/;
const closing = /[ \t]+#+$/;
const startsLine = /(?:^|[\n\r\u2028\u2029])[ \t]*$/;

/** A sentence of a Markdown heading without the signs around it. */
function withoutHeadingMarks(text: string, sentence: PassageSentence): PassageSentence {
  const { kind, start, end } = sentence;
  const marks = kind === 'prose' && opening.exec(text.slice(start, end));
  if (!marks || !startsLine.test(text.slice(Math.max(0, start - 8), start))) return sentence;
  const from = start + marks[0].length;
  return { kind: 'heading', start: from, end: end - (closing.exec(text.slice(from, end))?.[0].length ?? 0) };
}
