import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An object with some names changed; what is absent stays absent. */
function renamed(object: string, names: Record<string, string>): string {
  return Object.entries(names).reduce((value, [from, to]) => `CASE WHEN ${object} ? '${from}' THEN (${value}) - '${from}' || jsonb_build_object('${to}', ${object} -> '${from}') ELSE ${value} END`, object);
}

const inList = (list: string, names: Record<string, string>): string =>
  `(SELECT coalesce(jsonb_agg(${renamed('item', names)} ORDER BY at), '[]') FROM jsonb_array_elements(${list}) WITH ORDINALITY AS listed (item, at))`;

/** Statements that change the names in the citations, tool runs and memory of a column that holds answers. */
function rename(table: string, column: string, citation: Record<string, string>, time: Record<string, string>): string[] {
  const part = (key: string, type: string, value: string) => `
    UPDATE ${table} SET ${column} = jsonb_set(${column}, '{${key}}', ${value})
    WHERE jsonb_typeof(${column} -> '${key}') = '${type}'`;
  return [
    part('citations', 'array', inList(`${column} -> 'citations'`, citation)),
    part('tool_runs', 'array', inList(`${column} -> 'tool_runs'`, time)),
    part('memory', 'object', renamed(`(${column} -> 'memory')`, time)),
  ];
}

const inverse = (names: Record<string, string>) => Object.fromEntries(Object.entries(names).map(([from, to]) => [to, from]));
const citation = { documentId: 'doc_id', chunkId: 'chunk_id' };
const time = { tookMs: 'took_ms' };
const holders = [['messages', 'metadata'], ['message_feedback', 'context']] as const;

/** What messages and judgements keep of an answer has the names that the API gives it, where it had those of the program. */
export class AnswerRecords1795225000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [table, column] of holders) for (const statement of rename(table, column, citation, time)) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, column] of holders) for (const statement of rename(table, column, inverse(citation), inverse(time))) await runner.query(statement);
  }
}
