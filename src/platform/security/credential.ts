import type { FastifyRequest } from 'fastify';

const longest = 4096;

/** The API key or token of a request: `Authorization: Bearer …`, else `X-API-Key`. */
export function credentialOf(request: FastifyRequest): string | undefined {
  const authorization = request.headers.authorization;
  const bearer = authorization && /^Bearer\s+(\S+)\s*$/i.exec(authorization)?.[1];
  const key = request.headers['x-api-key'];
  const credential = bearer || (typeof key === 'string' ? key.trim() : undefined);
  return credential && credential.length <= longest ? credential : undefined;
}

export function looksLikeJwt(credential: string): boolean {
  return credential.startsWith('eyJ') && credential.split('.').length === 3;
}
