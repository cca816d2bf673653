export { ContainedJobError, type ContainedJobReason } from './contained-job-error.js';
export { ContainedPool, type ContainedPoolOptions, type RunOptions } from './contained-pool.js';
export { serveJobs } from './serve-jobs.js';
