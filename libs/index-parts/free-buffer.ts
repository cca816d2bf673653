import { MessageChannel } from 'node:worker_threads';

const { port1: closed, port2: other } = new MessageChannel();
other.close();
closed.unref();

/**
 * Gives an array's memory back now instead of at some garbage collection: its buffer is transferred to a
 * port nobody listens to. The array has no elements afterwards. An index that takes thousands of changes
 * would otherwise leave hundreds of megabytes behind before the collector notices.
 */
export function freeBuffer(array: ArrayBufferView): void {
  const { buffer } = array;
  if (buffer instanceof ArrayBuffer && buffer.byteLength > 0) closed.postMessage(null, [buffer]);
}
