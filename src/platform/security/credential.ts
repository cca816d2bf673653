import type { FastifyRequest } from 'fastify';

const longest = 4096;
const bearerOnly = /^Bearer\s+(\S+)\s*$/i;
const bearerOrToken = /^(?:Bearer|Token)\s+(\S+)\s*$/i;

/** What a WebSocket offers (and gets back) to speak with this server. */
export const subprotocol = 'ai-stack.v1';
const keyProtocol = /(?:^|,)\s*bearer\.([^\s,]+)/;

/**
 * The API key or token of a request: `Authorization: Bearer …` (or `Token …` from the clients of mem0, below /mem0), else `X-API-Key`,
 * else, of a WebSocket, the subprotocol `bearer.<key>`: the one place where the scripts of a page can put it, outside of the URL.
 */
export function credentialOf(request: FastifyRequest): string | undefined {
  const { authorization, upgrade, 'sec-websocket-protocol': protocols } = request.headers;
  const bearer = authorization && (request.url.startsWith('/mem0/') ? bearerOrToken : bearerOnly).exec(authorization)?.[1];
  const key = request.headers['x-api-key'];
  const credential = bearer || (typeof key === 'string' ? key.trim() : undefined) || (upgrade && protocols ? keyProtocol.exec(protocols)?.[1] : undefined);
  return credential && credential.length <= longest ? credential : undefined;
}

export function looksLikeJwt(credential: string): boolean {
  return credential.startsWith('eyJ') && credential.split('.').length === 3;
}
