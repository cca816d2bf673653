import type { PassageEvidence } from './passage-evidence.js';
import type { SentenceKind } from './passage-sentences.js';

const comment = /<!--.*?-->/gs;
/** Signs before the text of a quote or an item, a task's box among them. */
const before = /^(?:>[ \t]?|(?:[-*+]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)(?=\S)/;
const link = /!?\[([^\]]{0,300})\]\([^()\s]{0,500}(?:\([^()\s]{0,100}\)[^()\s]{0,100})?(?:[ \t]+"[^"]{0,200}")?\)/g;
const address = /<((?:https?:\/\/|mailto:)[^\s>]{1,500})>/g;
/** Code within a line, or words between signs that touch them; not the signs of 2*3*4, snake_case or **options. */
const marked = /(`{1,3})(?!`)(.{1,300}?)(?<!`)\1(?!`)|(?<![\w*\\])(\*{1,3}|_{1,3})(?![\s*_])((?:`[^`\n]{0,100}`|(?!\3)[^`]){1,300}?)(?<![\s\\])\3(?![A-Za-z0-9_*])/g;
/** What a cut through **words. More words** leaves. */
const dangling = /^\*\*(?=\S)(?!.*\*\*)|(?<=[.!?。！？…])\*\*(?=\s|$)/gs;
/** What stood between a stop and the signs of emphasis after it. */
const wideGap = /(?<=[。！？；，：])[ \t]+(?=\p{Script=Han})/gu;
const escape = /\\([*_#`|[\]<>])/g;

/** The patterns above look far ahead; what is longer is no sentence of a person. */
const longestMarked = 2000;

const lineBreak = /[\n\r\u2028\u2029\f\v]/;
const lineBreaks = /[ \t]*[\n\r\u2028\u2029\f\v]+[ \t>]*/g;
/** Ideographs and their punctuation need no space between them. */
const isWide = (sign: string): boolean => /^[\u2e80-\uffef]$/.test(sign);
const trailing = /[;；]$/;

/** Sentences of a passage as a person reads them: without the signs of Markdown, on one line. */
export function readable({ evidence, first, last }: { evidence: PassageEvidence; first: number; last: number }): string {
  let said = '';
  for (let at = first; at <= last; at++) {
    const { kind, start, end } = evidence.sentences[at]!;
    const text = kind === 'table' ? rowOf(evidence, at) : plainOf(evidence.passage.text.slice(start, end), kind);
    const previous = evidence.sentences[at - 1];
    said += at === first || text === '' ? text : between(said, previous!.kind, evidence.passage.text.slice(previous!.end, start)) + text;
  }
  return said.replace(trailing, (sign) => (sign === ';' ? '.' : '。'));
}

/** Sentences of one line stay as they are; a line that ends no sentence is a heading or an item. */
function between(said: string, kind: SentenceKind, gap: string): string {
  const wide = isWide(said.slice(-1));
  if (!lineBreak.test(gap)) return wide ? '' : gap;
  const sign = /[\p{L}\p{N})\]）】》"”」』%]$/u.test(said) ? (kind === 'heading' ? ':' : ';') : '';
  return wide ? sign.replace(':', '：').replace(';', '；') : `${sign} `;
}

function plainOf(sentence: string, kind: SentenceKind): string {
  const text = sentence.replace(lineBreaks, (_gap, at: number) => (isWide(sentence[at - 1] ?? '') ? '' : ' '));
  return kind === 'code' ? text.trim() : withoutMarks(text);
}

/** The cells of a row, each with the name of its column where the passage has it. */
function rowOf({ passage, sentences }: PassageEvidence, at: number): string {
  const cellsAt = ({ start, end }: { start: number; end: number }): string[] => cellsOf(passage.text.slice(start, end)).map(withoutMarks);
  let above = at - 1;
  while (sentences[above]?.kind === 'table') above--;
  const columns = sentences[above]?.kind === 'columns' ? cellsAt(sentences[above]!) : [];
  return cellsAt(sentences[at]!).flatMap((cell, place) => (cell === '' ? [] : [columns[place] ? `${columns[place]}${isWide(columns[place]!.slice(-1)) ? '：' : ': '}${cell}` : cell])).join(' · ');
}

const cellsOf = (row: string): string[] => row.replace(/^[ \t>]*\||\|[ \t]*$/g, '').split(/(?<!\\)\|/);

function withoutMarks(text: string): string {
  if (text.length > longestMarked) return text;
  let line = text.replace(comment, '').trim();
  for (let shorter = line.replace(before, ''); shorter !== line; shorter = line.replace(before, '')) line = shorter;
  return emphasised(line.replace(link, '$1').replace(address, '$1')).replace(dangling, '').replace(escape, '$1').replace(wideGap, '').trim();
}

/** The words between the signs, those of signs within signs too. */
function emphasised(text: string): string {
  return text.replace(marked, (_all, _ticks: string | undefined, code: string | undefined, _signs: string, words: string) => (code === undefined ? emphasised(words) : code.trim()));
}
