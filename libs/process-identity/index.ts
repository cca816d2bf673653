/** Tells running processes from ended ones, and from later ones with the same number: for lock files that outlive a kill. */
export { identityOf, isRunning, processDomain, signalReaches, type ProcessIdentity } from './process-identity.js';
