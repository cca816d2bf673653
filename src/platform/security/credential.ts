import type { FastifyRequest } from 'fastify';

const longest = 4096;
const bearerOnly = /^Bearer\s+(\S+)\s*$/i;
const bearerOrToken = /^(?:Bearer|Token)\s+(\S+)\s*$/i;

/** The API key or token of a request: `Authorization: Bearer …` (or `Token …` from the clients of mem0, below /mem0), else `X-API-Key`. */
export function credentialOf(request: FastifyRequest): string | undefined {
  const authorization = request.headers.authorization;
  const bearer = authorization && (request.url.startsWith('/mem0/') ? bearerOrToken : bearerOnly).exec(authorization)?.[1];
  const key = request.headers['x-api-key'];
  const credential = bearer || (typeof key === 'string' ? key.trim() : undefined);
  return credential && credential.length <= longest ? credential : undefined;
}

export function looksLikeJwt(credential: string): boolean {
  return credential.startsWith('eyJ') && credential.split('.').length === 3;
}
