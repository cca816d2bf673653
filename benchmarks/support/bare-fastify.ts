/** A child process with nothing but Fastify: answers every GET with the same object of search results, serialised each time. */
import { once } from 'node:events';
import { fastify } from 'fastify';

const [answer] = (await once(process, 'message')) as [string];
const app = fastify();
const body = JSON.parse(answer) as unknown;
app.get('/*', () => body);
process.send?.(await app.listen({ port: 0, host: '127.0.0.1' }));
process.once('disconnect', () => process.exit(0));
