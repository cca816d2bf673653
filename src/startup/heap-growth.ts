import { setFlagsFromString } from 'node:v8';

/**
 * Lets the old generation grow by a third before it is collected again. V8's own choice is up to four times, which on a server
 * that keeps 100 MB alive means 300 MB of garbage; the price is a few per cent of processor time.
 */
export function limitHeapGrowth(): void {
  setFlagsFromString('--heap-growing-percent=30');
}
