import { join } from 'node:path';
import { persistentId } from './persistent-id.js';
import { SlotClaim } from './slot-claim.js';

/** A process that claims a place below the given folder when it is told to, and tells which; it lives until its parent lets go of it. */
process.once('message', (root: string) => {
  const { directory } = SlotClaim.firstFree(root);
  process.send?.({ directory, id: persistentId(join(root, 'id')) });
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
