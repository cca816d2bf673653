export { AppError, type ErrorKind, type FieldFault } from './app-error.js';
export type { ClusterEvents, LocalEvents, RequestCompleted } from './events.js';
