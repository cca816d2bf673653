import type { Failure } from './http-error.js';

/** Routes whose callers are mem0 clients and expect their error shape. */
export function isMem0Route(url: string): boolean {
  return url === '/mem0' || url.startsWith('/mem0/');
}

/** mem0's clients show `detail`; `code` is ours. */
export function toMem0Error({ detail, code }: Failure) {
  return { detail, code };
}

/** mem0's clients end every path with a slash, which the router would take for another route. */
export function withoutTrailingSlash(url: string): string {
  return isMem0Route(url) ? url.replace(/^([^?]*)\/(?=\?|$)/, '$1') : url;
}
