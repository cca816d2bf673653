export { AppError, type ErrorKind, type FieldFault } from './app-error.js';
export type { ClusterEvents, LocalEvents, RequestCompleted, StreamBatch } from './events.js';
