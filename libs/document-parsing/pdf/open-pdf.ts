import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { PDFDocumentProxy } from 'pdfjs-dist';
import type { ParseInput } from '../document.types.js';
import { ParseError } from '../parse-error.js';

/** Opens a PDF; a document that only restricts printing or copying opens with the empty password. */
export async function openPdf(input: ParseInput): Promise<PDFDocumentProxy> {
  const pdfjs = await loadLibrary();
  const files = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
  // The library takes the buffer over, so it gets a copy.
  const task = pdfjs.getDocument({
    data: new Uint8Array(input.bytes),
    password: input.password ?? '',
    cMapUrl: join(files, 'cmaps/'),
    cMapPacked: true,
    standardFontDataUrl: join(files, 'standard_fonts/'),
    wasmUrl: join(files, 'wasm/'),
    disableFontFace: true,
    useSystemFonts: false,
    isEvalSupported: false,
    stopAtErrors: false,
    verbosity: 0,
  });
  try {
    return await task.promise;
  } catch (error) {
    await task.destroy();
    throw clearError(error, input.filename);
  }
}

function clearError(error: unknown, filename: string): ParseError {
  if (error instanceof Error && error.name === 'PasswordException') {
    const which = /incorrect/i.test(error.message) ? 'the password given does not open it' : 'no password was given';
    return new ParseError('encrypted', `"${filename}" is protected by a password, and ${which}. Upload it with its password, or a copy saved without one.`);
  }
  const detail = error instanceof Error ? error.message : String(error);
  return new ParseError('corrupt', `"${filename}" is not a readable PDF: it is cut off or damaged. Export or download it again and retry. (${detail})`);
}

/**
 * The library warns about a missing canvas when it is loaded, and its text reading needs none: empty classes
 * in place of the drawing ones keep it from looking for it.
 */
async function loadLibrary(): Promise<typeof import('pdfjs-dist')> {
  const globals = globalThis as Record<string, unknown>;
  for (const name of ['DOMMatrix', 'ImageData', 'Path2D']) globals[name] ??= class {};
  return (await import('pdfjs-dist/legacy/build/pdf.mjs')) as typeof import('pdfjs-dist');
}
