import type { Attributes } from '../reading/markup-reader.js';

/** What of a page is read: the part marked as main, everything visible, or everything but code and styles. */
export type HtmlScope = 'main' | 'visible' | 'all';

export const voidElements = new Set('area base basefont br col embed frame hr img input link meta param source track wbr'.split(' '));
/** Their end tag may be missing; the next one of the same name ends them. */
export const optionalEnd = new Set(['p', 'li', 'dt', 'dd', 'option', 'tr', 'td', 'th']);

const neverText = new Set(['script', 'style', 'noscript', 'template', 'svg', 'iframe', 'object', 'canvas', 'audio', 'video', 'select', 'datalist', 'button', 'textarea']);
/** Class names by which common publishing systems mark what is no content. */
const boilerplateClass = /(^|\s)(noprint|mw-editsection|sr-only|visually-hidden|screen-reader-text)(\s|$)/;
const hiddenStyle = /display\s*:\s*none|visibility\s*:\s*hidden/i;

/** Is the element, with all in it, no part of the text a reader sees. */
export function isHidden(name: string, attributes: Attributes, scope: HtmlScope, insideMain: boolean): boolean {
  if (neverText.has(name)) return true;
  if (scope === 'all') return false;
  if (name === 'nav' || (name === 'footer' && !insideMain)) return true;
  // A link to the same page in another language.
  if (name === 'a' && attributes.hreflang && attributes.lang) return true;
  if (attributes.role === 'navigation' || attributes['aria-hidden'] === 'true') return true;
  if (attributes.hidden !== undefined && attributes.hidden !== 'until-found') return true;
  return hiddenStyle.test(attributes.style ?? '') || boilerplateClass.test(attributes.class ?? '');
}
