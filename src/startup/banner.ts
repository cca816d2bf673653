interface Started {
  url: string;
  dataDirectory: string;
  database: string;
  /** Only when it was made or changed by this start. */
  ownerKey: string | undefined;
  startedInMs: number;
}

/** What a person wants to know after the start. Goes to stderr, so that stdout holds log lines only. */
export function banner({ url, dataDirectory, database, ownerKey, startedInMs }: Started): string {
  const lines = [
    '',
    `  AI Stack is ready on ${url}  (${(startedInMs / 1000).toFixed(1)} s)`,
    `  API documentation   ${url}/docs`,
    `  Database            ${database}`,
    `  Data                ${dataDirectory}`,
  ];
  if (ownerKey) lines.push('', `  Owner key (shown once, also in ${dataDirectory}/owner-key):`, `  ${ownerKey}`);
  lines.push(
    '',
    '  Try it:',
    `  curl -s -H "Authorization: Bearer $(cat ${dataDirectory}/owner-key)" -H 'Content-Type: application/json' \\`,
    `    -d '{"text":"The cache hit rate must stay above seventy percent."}' ${url}/rag/ingest`,
    '',
  );
  return `${lines.join('\n')}\n`;
}
