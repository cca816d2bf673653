import { createRequire } from 'node:module';
import { DocumentBuilder } from '../document-builder.js';
import type { ParsedDocument, ParseInput } from '../document.types.js';
import { ParseError } from '../parse-error.js';
import { decodeText } from '../reading/decode-text.js';
import { addBody, addressLine, embedAttachments, type MailAttachment } from './mail.js';

// The package is CommonJS with an ES `default`: loaders disagree on what `import` gives, `require` is plain.
const { default: MsgReader } = createRequire(import.meta.url)('@kenjiuno/msgreader') as typeof import('@kenjiuno/msgreader');

/** Outlook messages: the same parts as an e-mail file. */
export async function parseMsg(input: ParseInput): Promise<ParsedDocument> {
  const { bytes } = input;
  const reader = new MsgReader(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
  const mail = reader.getFileData();
  if (mail.error) throw new ParseError('corrupt', `"${input.filename}" cannot be read; it seems damaged. Save it again from Outlook, or as .eml, and retry.`);
  const builder = new DocumentBuilder(input.limits);
  const sender = [mail.senderName, mail.senderSmtpAddress ?? mail.senderEmail].filter(Boolean).join(' ');
  const receivers = (mail.recipients ?? []).map(({ name, smtpAddress, email }) => [name, smtpAddress ?? email].filter(Boolean).join(' '));
  addressLine(builder, { subject: mail.subject, from: sender, to: receivers.join(', '), date: isoDate(mail.messageDeliveryTime ?? mail.clientSubmitTime) });
  addBody(builder, mail.body, mail.bodyHtml ?? (mail.html && decodeText(mail.html).text));
  const attachments = (mail.attachments ?? []).map((attachment): MailAttachment => {
    const { fileName, content } = reader.getAttachment(attachment);
    return { filename: fileName, bytes: content, inline: Boolean(attachment.attachmentHidden) };
  });
  await embedAttachments(builder, input, attachments);
  return builder.build('application/vnd.ms-outlook');
}

function isoDate(text: string | undefined): string | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
