/** What `npm run bench` hands on to every subject: `--quick` only proves that it runs, `--large` goes to 100,000 chunks. */
export const isQuick = process.argv.includes('--quick');
export const isLarge = process.argv.includes('--large');

/** Value of `--name=value`. */
export function option(name: string): string | undefined {
  const prefix = `--${name}=`;
  return process.argv.find((argument) => argument.startsWith(prefix))?.slice(prefix.length);
}
