/**
 * Kills the server while it ingests, again and again, and proves that nothing acknowledged is lost and nothing is half
 * there. Run by hand: `npm run build && node dist/test/chaos/ingest.chaos.js [--ingests 1000] [--kills 12] [--clients 4]`.
 * Ends with 1 when a fault was found.
 */
import { parseArgs } from 'node:util';
import { runIngestChaos } from './run-ingest-chaos.js';

const { values } = parseArgs({ options: { ingests: { type: 'string', default: '1000' }, kills: { type: 'string', default: '12' }, clients: { type: 'string', default: '4' } } });
const result = await runIngestChaos({ ingests: Number(values.ingests), kills: Number(values.kills), clients: Number(values.clients), thorough: true, report: (line) => console.log(line) });

console.log(`
${result.acknowledged} texts and files acknowledged, ${result.broken} requests broken off and sent again
kills: ${Object.entries(result.kills).map(([kind, count]) => `${count} ${kind}`).join(', ')}
slowest start after a kill: ${Math.round(result.slowestStartMs)} ms; ${result.seconds} s in all
${result.faults.length === 0 ? 'Nothing was lost, nothing is half there, index and table agree.' : `${result.faults.length} FAULTS:\n${result.faults.slice(0, 50).join('\n')}`}`);
process.exitCode = result.faults.length === 0 ? 0 : 1;
