/** What of a chunk its vector stands for. The built-in embedding counts words, those of the title too; a trained model reads the passage under its headings. */
export function embeddedText({ title, headings, text }: { title?: string; headings: readonly string[]; text: string }, local: boolean): string {
  return [...(local && title ? [title] : []), ...headings, text].join('\n');
}
