import { attribute, readXml } from '../reading/markup-reader.js';
import type { ZipArchive } from '../reading/zip-archive.js';

/** What a paragraph style says about structure. */
export interface ParagraphStyle {
  /** Lower case; built-in styles keep their English name whatever the language of Word. */
  name: string;
  /** 1 to 9; `undefined` for body text. */
  level?: number;
  numId?: string;
}

interface RawStyle {
  name: string;
  basedOn?: string;
  outline?: number;
  numId?: string;
}

const maxInheritance = 20;

/** Paragraph styles by id, inheritance resolved. */
export async function readStyles(zip: ZipArchive, part: string | undefined): Promise<Map<string, ParagraphStyle>> {
  const raw = new Map<string, RawStyle>();
  if (!part || !zip.has(part)) return new Map();
  let current: RawStyle | undefined;
  await readXml(zip.text(part), {
    open(element, attributes) {
      if (element === 'style') {
        current = { name: '' };
        raw.set(attribute(attributes, 'styleId') ?? '', current);
        return;
      }
      const value = attribute(attributes, 'val');
      if (!current || value === undefined) return;
      if (element === 'name') current.name = value.toLowerCase();
      else if (element === 'basedOn') current.basedOn = value;
      else if (element === 'outlineLvl') current.outline = Number(value);
      else if (element === 'numId') current.numId = value;
    },
    close(element) {
      if (element === 'style') current = undefined;
    },
    text: () => undefined,
  });
  return new Map([...raw.keys()].map((id) => [id, resolve(raw, id)]));
}

function resolve(raw: Map<string, RawStyle>, id: string): ParagraphStyle {
  const style: ParagraphStyle = { name: raw.get(id)?.name ?? '' };
  let at = raw.get(id);
  for (let step = 0; at && step < maxInheritance; step += 1) {
    style.level ??= levelOfName(at.name) ?? (at.outline !== undefined && at.outline < 9 ? at.outline + 1 : undefined);
    style.numId ??= at.numId;
    at = at.basedOn === undefined ? undefined : raw.get(at.basedOn);
  }
  return style;
}

/** Built-in names, and those that other programs write in their own language. */
function levelOfName(name: string): number | undefined {
  if (name === 'title' || name === '标题' || name === '標題') return 1;
  const level = /^(?:heading|标题|標題|überschrift|titre|título|titolo|見出し|제목|заголовок)\s*([1-9])$/.exec(name)?.[1];
  return level === undefined ? undefined : Number(level);
}

/** For each list definition: is a level numbered (`true`) or bulleted. */
export class Numbering {
  private readonly counters = new Map<string, number[]>();

  private constructor(private readonly numbered: Map<string, Map<number, boolean>>) {}

  static async read(zip: ZipArchive, part: string | undefined): Promise<Numbering> {
    const abstracts = new Map<string, Map<number, boolean>>();
    const lists = new Map<string, Map<number, boolean>>();
    if (!part || !zip.has(part)) return new Numbering(lists);
    let levels = new Map<number, boolean>();
    let level = 0;
    let list = '';
    await readXml(zip.text(part), {
      open(element, attributes) {
        if (element === 'abstractNum') abstracts.set(attribute(attributes, 'abstractNumId') ?? '', (levels = new Map()));
        else if (element === 'lvl') level = Number(attribute(attributes, 'ilvl') ?? 0);
        else if (element === 'numFmt') levels.set(level, !['bullet', 'none'].includes(attribute(attributes, 'val') ?? ''));
        else if (element === 'num') list = attribute(attributes, 'numId') ?? '';
        else if (element === 'abstractNumId') lists.set(list, abstracts.get(attribute(attributes, 'val') ?? '') ?? new Map());
      },
      close: () => undefined,
      text: () => undefined,
    });
    return new Numbering(lists);
  }

  /** The marker of the next item of this list and level: `-` or its number. */
  next(numId: string, level: number): string {
    const counts = this.counters.get(numId) ?? [];
    this.counters.set(numId, counts);
    counts.length = Math.min(counts.length, level + 1);
    counts[level] = (counts[level] ?? 0) + 1;
    return this.numbered.get(numId)?.get(level) ? `${counts[level]}.` : '-';
  }
}
