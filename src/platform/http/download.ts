import { StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Readable } from 'node:stream';

export interface Download {
  content: Readable;
  bytes: number;
  /** For the one who saves it; any characters. */
  name: string;
  mime: string;
}

const mediaType = /^[\w.+-]+\/[\w.+-]+$/;

/** A file of a user as the answer: saved, never shown or run, whatever it holds and whatever its type says. */
export function asDownload(reply: FastifyReply, { content, bytes, name, mime }: Download): StreamableFile {
  void reply.header('x-content-type-options', 'nosniff').header('content-security-policy', "default-src 'none'; sandbox");
  return new StreamableFile(content, { type: mediaType.test(mime) ? mime : 'application/octet-stream', disposition: dispositionOf(name), length: bytes });
}

/** RFC 6266: an ASCII name for old clients, the whole one for all others. */
function dispositionOf(name: string): string {
  const ascii = name.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[^\w .()-]/g, '_');
  const encoded = encodeURIComponent(name).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
