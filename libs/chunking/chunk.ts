import { countTokens } from '#libs/text';
import { sectionsOf, type Section } from './sections.js';
import { defaultChunking, validateSettings } from './settings.js';
import type { Block, Chunk, ChunkingSettings } from './types.js';
import { type Unit, unitsOf } from './units.js';

/** Collects units into chunks of one section. */
class SectionPacker {
  readonly chunks: Chunk[] = [];
  private units: Unit[] = [];
  private tokens = 0;

  constructor(
    private readonly content: string,
    private readonly headings: string[],
    private readonly settings: ChunkingSettings,
  ) {}

  /** A block that fits into a chunk of its own is divided only when the chunk at hand is too small to stand alone. */
  addBlock(block: Block, units: readonly Unit[]): void {
    const { maxTokens, minTokens } = this.settings;
    const first = units[0];
    if (!first) return;
    const total = units.reduce((sum, unit) => sum + unit.tokens, 0);
    const fitsAlone = total <= maxTokens;
    const fitsHere = this.tokens + this.gapTokens(first) + total <= maxTokens;
    if (fitsAlone && !fitsHere && this.tokens >= minTokens && !this.onlyHeadings()) this.close();
    for (const unit of units) this.addUnit(unit);
  }

  private onlyHeadings(): boolean {
    return this.units.every(({ block }) => block.kind === 'heading');
  }

  private addUnit(unit: Unit): void {
    if (this.units.length > 0 && this.tokens + this.gapTokens(unit) + unit.tokens > this.settings.maxTokens) {
      const overlap = this.overlapBefore(unit);
      this.close();
      for (const repeated of overlap) this.append(repeated);
    }
    this.append(unit);
  }

  private append(unit: Unit): void {
    this.tokens += this.gapTokens(unit) + unit.tokens;
    this.units.push(unit);
  }

  /** Line breaks between the last unit and the next cost tokens too. */
  private gapTokens(next: Unit): number {
    const last = this.units.at(-1);
    return last && next.start > last.end ? countTokens(this.content.slice(last.end, next.start)) : 0;
  }

  /** The last sentences of the chunk at hand when `next` goes on with the same prose. */
  private overlapBefore(next: Unit): Unit[] {
    const { overlapTokens, maxTokens } = this.settings;
    const overlap: Unit[] = [];
    let budget = Math.min(overlapTokens, maxTokens - next.tokens);
    let following = next;
    for (let index = this.units.length - 1; index > 0; index--) {
      const unit = this.units[index];
      if (!unit || unit.block !== next.block || unit.block.kind === 'table' || unit.block.kind === 'code') break;
      budget -= unit.tokens + countTokens(this.content.slice(unit.end, following.start));
      if (budget < 0) break;
      overlap.unshift(unit);
      following = unit;
    }
    return overlap;
  }

  close(): void {
    const first = this.units[0];
    const last = this.units.at(-1);
    if (first && last) {
      const { start } = first;
      const { end } = last;
      const chunk: Chunk = { start, end, headings: this.headings, tokens: countTokens(this.content.slice(start, end)) };
      if (first.block.page !== undefined) chunk.page = first.block.page;
      this.chunks.push(chunk);
    }
    this.units = [];
    this.tokens = 0;
  }
}

function chunksOf(content: string, section: Section, settings: ChunkingSettings): Chunk[] {
  const packer = new SectionPacker(content, section.headings, settings);
  for (const block of section.blocks) packer.addBlock(block, unitsOf(content, block, settings.maxTokens));
  packer.close();
  return packer.chunks;
}

/**
 * Divides a document into chunks by its structure: a heading begins a chunk, blocks under one heading are put together while they fit, what
 * does not fit is divided at sentences (prose), lines (tables, lists, code) and, if one of these is too long, between words.
 *
 * Every character of `content` that is not white space is in at least one chunk; text between the blocks counts as paragraphs. No chunk is longer than
 * `maxTokens`. Linear in the length of the content.
 *
 * @param blocks in order and not overlapping, as the parsers give them
 * @throws RangeError when a setting is out of range
 */
export function chunk(content: string, blocks: readonly Block[], settings: ChunkingSettings = defaultChunking): Chunk[] {
  validateSettings(settings);
  return sectionsOf(content, blocks).flatMap((section) => chunksOf(content, section, settings));
}
