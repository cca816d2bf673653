/** Index replicas in a thread of their own; see `index-replica` for what one is. Loads none of its code into the calling thread. */
export { IndexThread } from './index-thread.js';
export { isStalled, ReplicaLostError, ThreadBusyError } from './thread-errors.js';
export type { ThreadReplica } from './thread-replica.js';
