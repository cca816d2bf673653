interface Started {
  url: string;
  dataDirectory: string;
  database: string;
  /** Only when it was made or changed by this start. */
  ownerKey: string | undefined;
  /** Undefined when this data folder does not hold the key. */
  ownerKeyFile: string | undefined;
  startedInMs: number;
}

/** What a person wants to know after the start. Goes to stderr, so that stdout holds log lines only. */
export function banner({ url, dataDirectory, database, ownerKey, ownerKeyFile, startedInMs }: Started): string {
  const lines = [
    '',
    `  AI Stack is ready on ${url}  (${(startedInMs / 1000).toFixed(1)} s)`,
    `  API documentation   ${url}/docs`,
    `  Database            ${database}`,
    `  Data                ${dataDirectory}`,
  ];
  if (ownerKey) lines.push('', `  Owner key (shown once${ownerKeyFile ? `, also in ${ownerKeyFile}` : ''}):`, `  ${ownerKey}`);
  else if (!ownerKeyFile) lines.push('', '  The owner key was shown when it was made and is not in this data folder.', '  If it is lost, AI_STACK_OWNER_KEY=<a new one> at a start replaces it.');
  lines.push(
    '',
    `  Try it${ownerKeyFile ? '' : ', with an API key for KEY'}:`,
    `  curl -s -H "Authorization: Bearer ${ownerKeyFile ? `$(cat ${ownerKeyFile})` : '$KEY'}" -H 'Content-Type: application/json' \\`,
    `    -d '{"text":"The cache hit rate must stay above seventy percent."}' ${url}/rag/ingest`,
    '',
  );
  return `${lines.join('\n')}\n`;
}
