import { serveJobs } from '#libs/contained-process';
import { prepareDocument } from './prepare-document.js';

serveJobs(prepareDocument);
