export { AppError, type ErrorKind, type FieldFault } from './app-error.js';
