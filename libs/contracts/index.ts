export { AppError, type ErrorKind, type FieldFault } from './app-error.js';
export type { ClusterEvents, LocalEvents, ModelCalled, RequestCompleted, StreamBatch } from './events.js';
