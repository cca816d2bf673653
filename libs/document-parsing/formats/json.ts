import { DocumentBuilder } from '../document-builder.js';
import type { ParsedDocument, ParseInput } from '../document.types.js';
import { ParseError } from '../parse-error.js';
import { decodeText } from '../reading/decode-text.js';
import { refuseBinary } from '../reading/refuse-binary.js';
import { parseText } from './text.js';

const maxNesting = 200;
const titleKeys = ['title', 'name', 'label', 'headline', 'subject', '标题', '名称'];

/** JSON: each record or top-level key becomes a paragraph of `path: value` lines, so that search finds fields by name. */
export function parseJson(input: ParseInput): ParsedDocument {
  const { text } = decodeText(input.bytes);
  refuseBinary(text, input.filename);
  const builder = new DocumentBuilder(input.limits);
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    return asText(input, `The file is not valid JSON (${error instanceof Error ? error.message : ''}); it was read as plain text.`);
  }
  if (Array.isArray(value)) for (const record of value) addRecord(builder, record);
  else if (value !== null && typeof value === 'object') addFields(builder, value as Record<string, unknown>);
  else builder.paragraph(String(value));
  return builder.build('application/json');
}

/** One JSON value a line. Lines that are none are kept as text, with one warning. */
export function parseJsonLines(input: ParseInput): ParsedDocument {
  const { text } = decodeText(input.bytes);
  refuseBinary(text, input.filename);
  const builder = new DocumentBuilder(input.limits);
  let invalid = 0;
  for (const line of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    if (!line.trim()) continue;
    try {
      addRecord(builder, JSON.parse(line) as unknown);
    } catch (error) {
      if (error instanceof ParseError) throw error;
      invalid += 1;
      builder.paragraph(line);
    }
  }
  if (invalid > 0) builder.warn('invalid_json', `${invalid} line(s) are not valid JSON and were read as plain text.`);
  return builder.build('application/x-ndjson');
}

function asText(input: ParseInput, message: string): ParsedDocument {
  const document = parseText(input);
  document.warnings.push({ code: 'invalid_json', message });
  return document;
}

function addFields(builder: DocumentBuilder, fields: Record<string, unknown>): void {
  const scalars: string[] = [];
  for (const [key, value] of Object.entries(fields)) {
    if (value === null || typeof value !== 'object') scalars.push(`${key}: ${String(value)}`);
  }
  builder.title = titleOf(fields);
  builder.paragraph(scalars.join('\n'));
  for (const [key, value] of Object.entries(fields)) {
    if (value === null || typeof value !== 'object') continue;
    builder.heading(1, key);
    if (Array.isArray(value)) for (const record of value) addRecord(builder, record);
    else addRecord(builder, value);
  }
}

function addRecord(builder: DocumentBuilder, record: unknown): void {
  const lines: string[] = [];
  flatten(record, '', 0, lines);
  builder.paragraph(lines.join('\n'));
}

function flatten(value: unknown, path: string, depth: number, lines: string[]): void {
  if (depth > maxNesting) throw new ParseError('too_complex', `The JSON is nested deeper than ${maxNesting} levels. Upload a flatter export of the data.`);
  if (value === null || value === undefined || value === '') return;
  if (Array.isArray(value)) {
    if (value.every((item) => item === null || typeof item !== 'object')) lines.push(labelled(path, value.join(', ')));
    else value.forEach((item, index) => flatten(item, `${path}[${index}]`, depth + 1, lines));
  } else if (typeof value === 'object') {
    for (const [key, field] of Object.entries(value)) flatten(field, path ? `${path}.${key}` : key, depth + 1, lines);
  } else {
    lines.push(labelled(path, String(value)));
  }
}

function labelled(path: string, text: string): string {
  return path ? `${path}: ${text}` : text;
}

function titleOf(fields: Record<string, unknown>): string | undefined {
  const key = titleKeys.find((name) => typeof fields[name] === 'string');
  return key === undefined ? undefined : String(fields[key]);
}
