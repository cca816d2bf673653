import { blocksOfText } from '#libs/chunking';
import type { DocumentBuilder } from '../document-builder.js';
import type { ParseInput } from '../document.types.js';
import { ParseError } from '../parse-error.js';
import { cleanText } from '../reading/clean-text.js';
import { readHtml } from './html.js';

export interface MailAttachment {
  filename: string;
  mime?: string;
  bytes: Uint8Array;
  inline: boolean;
}

const maxAttachments = 100;

/** Subject as the heading, then one paragraph with who wrote when to whom. */
export function addressLine(builder: DocumentBuilder, mail: { subject?: string; from?: string; to?: string; date?: string }): void {
  builder.title = mail.subject;
  builder.heading(1, mail.subject ?? '');
  const lines = [mail.from && `From: ${mail.from}`, mail.to && `To: ${mail.to}`, mail.date && `Date: ${mail.date}`];
  builder.paragraph(lines.filter(Boolean).join('\n'));
  Object.assign(builder.metadata, { author: mail.from ?? '', date: mail.date ?? '' });
}

/** The plain text when there is one: it is what the sender wrote; else the HTML. */
export function addBody(builder: DocumentBuilder, text: string | undefined, html: string | undefined): void {
  if (text?.trim()) {
    const content = cleanText(text).replace(/^\n+/, '').trimEnd();
    builder.ready(content, blocksOfText(content, 'plain'));
  } else if (html) {
    const title = builder.title;
    readHtml(html, builder, 'visible');
    builder.title = title;
  }
}

/** Attachments that are documents are read too; what cannot be read costs a warning, not the e-mail. */
export async function embedAttachments(builder: DocumentBuilder, input: ParseInput, attachments: MailAttachment[]): Promise<void> {
  for (const [index, attachment] of attachments.entries()) {
    if (attachment.inline) continue;
    if (index >= maxAttachments || input.depth >= input.limits.maxDepth) {
      builder.warn('attachments_skipped', `The attachment "${attachment.filename}" was not read: too many attachments, or nested too deeply.`);
      continue;
    }
    try {
      const { bytes, filename, mime } = attachment;
      const document = await input.parseEmbedded({ bytes: Buffer.from(bytes), filename, limits: input.limits, depth: input.depth + 1 }, mime);
      builder.heading(2, filename);
      builder.embed(document);
    } catch (error) {
      if (!(error instanceof ParseError) || error.code === 'too_large') throw error;
      builder.warn('attachment_unreadable', `The attachment "${attachment.filename}" was not read: ${error.message}`);
    }
  }
}
