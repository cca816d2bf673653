import { type Attachment, type ParsedMail, simpleParser } from 'mailparser';
import { DocumentBuilder } from '../document-builder.js';
import type { ParsedDocument, ParseInput } from '../document.types.js';
import { addressLine, addBody, embedAttachments, type MailAttachment } from './mail.js';

/** E-mail: subject, sender, receivers and date, the body, then each attachment under its file name. */
export async function parseEml(input: ParseInput): Promise<ParsedDocument> {
  const mail = await simpleParser(input.bytes, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true });
  const builder = new DocumentBuilder(input.limits);
  const to = [mail.to, mail.cc].flat().map((address) => address?.text);
  addressLine(builder, { subject: mail.subject, from: mail.from?.text, to: to.filter(Boolean).join(', '), date: dateOf(mail) });
  addBody(builder, mail.text, mail.html || undefined);
  await embedAttachments(builder, input, mail.attachments.map(toAttachment));
  return builder.build('message/rfc822');
}

function dateOf(mail: ParsedMail): string | undefined {
  return mail.date && !Number.isNaN(mail.date.getTime()) ? mail.date.toISOString() : undefined;
}

function toAttachment(attachment: Attachment, index: number): MailAttachment {
  const isMessage = attachment.contentType === 'message/rfc822';
  const filename = attachment.filename ?? (isMessage ? `message-${index + 1}.eml` : `attachment-${index + 1}`);
  // A picture that the body shows is part of its look.
  return { filename, mime: attachment.contentType, bytes: attachment.content, inline: attachment.related && attachment.contentType.startsWith('image/') };
}
