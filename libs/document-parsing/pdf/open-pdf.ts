import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';
import type { ParseInput } from '../document.types.js';
import { ParseError } from '../parse-error.js';

/**
 * A PDF opened strictly, so that damage inside a page is noticed, and a second time forgivingly when it is:
 * then what can be read of the page still comes out.
 */
export class PdfFile {
  private forgiving: Promise<PDFDocumentProxy> | undefined;

  private constructor(
    readonly document: PDFDocumentProxy,
    private readonly input: ParseInput,
  ) {}

  /** A document that only restricts printing or copying opens with the empty password. */
  static async open(input: ParseInput): Promise<PdfFile> {
    try {
      return new PdfFile(await load(input, true), input);
    } catch (error) {
      if (isPasswordProblem(error)) throw clearError(error, input.filename);
    }
    try {
      return new PdfFile(await load(input, false), input);
    } catch (error) {
      throw clearError(error, input.filename);
    }
  }

  async page<Result>(number: number, read: (page: PDFPageProxy) => Promise<Result>): Promise<{ result: Result; damaged: boolean }> {
    try {
      return { result: await readPage(this.document, number, read), damaged: false };
    } catch {
      // Strict reading names no cause that helps a user; the forgiving one decides what is lost.
      this.forgiving ??= load(this.input, false);
      return { result: await readPage(await this.forgiving, number, read), damaged: true };
    }
  }

  async close(): Promise<void> {
    await this.document.loadingTask.destroy();
    if (this.forgiving) await (await this.forgiving).loadingTask.destroy();
  }
}

async function readPage<Result>(document: PDFDocumentProxy, number: number, read: (page: PDFPageProxy) => Promise<Result>): Promise<Result> {
  const page = await document.getPage(number);
  try {
    return await read(page);
  } finally {
    page.cleanup();
  }
}

async function load(input: ParseInput, stopAtErrors: boolean): Promise<PDFDocumentProxy> {
  const pdfjs = await loadLibrary();
  const files = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
  const task = pdfjs.getDocument({
    // The library takes the buffer over, so it gets a copy.
    data: new Uint8Array(input.bytes),
    password: input.password ?? '',
    cMapUrl: join(files, 'cmaps/'),
    cMapPacked: true,
    standardFontDataUrl: join(files, 'standard_fonts/'),
    wasmUrl: join(files, 'wasm/'),
    disableFontFace: true,
    useSystemFonts: false,
    isEvalSupported: false,
    stopAtErrors,
    verbosity: 0,
  });
  try {
    return await task.promise;
  } catch (error) {
    await task.destroy();
    throw error;
  }
}

function isPasswordProblem(error: unknown): error is Error {
  return error instanceof Error && error.name === 'PasswordException';
}

function clearError(error: unknown, filename: string): ParseError {
  if (isPasswordProblem(error)) {
    const which = /incorrect/i.test(error.message) ? 'the password given does not open it' : 'no password was given';
    return new ParseError('encrypted', `"${filename}" is protected by a password, and ${which}. Upload a copy saved without one.`);
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
