import type { FastifyRequest } from 'fastify';
import { AppError } from '#libs/contracts';
import type { UploadedFile, UploadService } from '../upload.service.js';
import { uploadFields, type UploadFields } from './document.request.js';

/** What the database keeps of a media type. */
const longestMime = 255;

export interface Upload {
  files: UploadedFile[];
  fields: UploadFields;
}

/** Reads a multipart body: files go to the disk as they arrive, and away again when anything is wrong with it. */
export async function readUpload(request: FastifyRequest, uploads: UploadService): Promise<Upload> {
  if (!request.isMultipart()) throw new AppError('http.unsupported_media_type', 'unsupported', 'Send the files as multipart/form-data under the name "files".');
  const files: UploadedFile[] = [];
  const values: Record<string, unknown> = {};
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') {
        values[part.fieldname] = part.value;
        continue;
      }
      const upload = await uploads.receive(part.file);
      files.push({ filename: cleanName(part.filename), mime: part.mimetype.slice(0, longestMime), upload });
      if (part.file.truncated) throw new AppError('http.too_large', 'too_large', `"${cleanName(part.filename)}" is larger than one file may be (UPLOAD_LIMIT_MB).`);
    }
    return { files, fields: parseFields(values) };
  } catch (error) {
    await uploads.discard(files);
    throw isMalformed(error) ? new AppError('http.bad_multipart', 'invalid', 'The multipart body is malformed or breaks off before its end.', { cause: error }) : error;
  }
}

/** Two uploads with the same content are the same request, however their bodies were put together. */
export function contentOf({ files, fields }: Upload): string {
  return JSON.stringify([fields, files.map(({ filename, mime, upload }) => [filename, mime, upload.hash.toString('hex')])]);
}

/** The multipart parser throws plain errors; these are the ones that the body causes. */
function isMalformed(error: unknown): boolean {
  return error instanceof Error && /end of multipart data|boundary (?:not found|required)|malformed part header/i.test(error.message);
}

function parseFields(values: Record<string, unknown>): UploadFields {
  const parsed = uploadFields.safeParse(values);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  throw new AppError('http.invalid_request', 'invalid', `The request is not valid: ${errors[0]?.path}: ${errors[0]?.message}`, { errors });
}

/** A name to show and to tell the format by, never a path. */
function cleanName(filename: string): string {
  const name = filename.split(/[\\/]/).at(-1)?.replace(/\p{Cc}/gu, '').trim() ?? '';
  return name.slice(0, 255) || 'document';
}
