import { expect, it } from 'vitest';
import { runIngestChaos } from '../chaos/run-ingest-chaos.js';

// The long version with a thousand ingests, which also waits for what dead processes held, is run by hand: test/chaos/ingest.chaos.ts.
it('loses nothing that it acknowledged when it is killed while it ingests', async () => {
  const result = await runIngestChaos({ ingests: 150, kills: 3, clients: 3, thorough: false });
  expect(result.faults).toEqual([]);
  expect(result.acknowledged).toBe(150);
  expect(result.kills).toEqual({ server: 1, 'server and database': 1, 'during an upload': 1 });
});
