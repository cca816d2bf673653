import type { FastifyRequest } from 'fastify';
import { AppError } from '#libs/contracts';
import type { ClientCredentials } from '../oauth.service.js';

const basic = /^Basic\s+([A-Za-z0-9+/=_-]+)\s*$/i;

/** Who asks for a token: `Authorization: Basic`, which clients send by default, or fields of the body; one of the two (RFC 6749 section 2.3.1). */
export function readClient({ headers }: FastifyRequest, body: { client_id?: string | undefined; client_secret?: string | undefined }): ClientCredentials {
  const encoded = basic.exec(headers.authorization ?? '')?.[1];
  if (encoded === undefined) {
    if (body.client_id !== undefined && body.client_secret !== undefined) return { id: body.client_id, secret: body.client_secret };
    throw new AppError('auth.invalid_client', 'unauthenticated', 'Say which key asks: its id and the key itself by "Authorization: Basic", or as client_id and client_secret.');
  }
  if (body.client_secret !== undefined) throw new AppError('auth.two_credentials', 'invalid', 'Send the key by "Authorization: Basic" or as client_secret, not both.');
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { id: formDecoded(id), secret: formDecoded(secret.join(':')) };
}

/** Both halves are form-encoded first; ours hold nothing that it changes, so what cannot be decoded is simply wrong. */
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
