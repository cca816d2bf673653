/** What Open WebUI's own prompts begin with. */
const opening = '### Task:';
/** The header an administrator sets to `{{TASK}}`, when it was not filled in. */
const placeholder = '{{TASK}}';
const longestTitle = 60;

/** The job that a request does for Open WebUI itself; undefined for a question of a person. @param header of `X-OpenWebUI-Task` */
export function taskOf(question: string, header: string | undefined): string | undefined {
  const named = header?.trim();
  if (named && named !== placeholder) return named;
  return question.trimStart().startsWith(opening) ? 'unnamed' : undefined;
}

/** What a job gets without a language model: valid JSON with nothing invented; a title is the beginning of the conversation. */
export function answerTaskByRule(task: string, prompt: string): string {
  const field = fieldOf(task, prompt);
  if (field === 'title') return JSON.stringify({ title: titleOf(prompt) });
  return field ? JSON.stringify({ [field]: [] }) : '';
}

const fields: [field: string, task: RegExp][] = [
  ['title', /^title/],
  ['tags', /^tags/],
  ['follow_ups', /^follow_up/],
  ['queries', /^query|^queries/],
];

function fieldOf(task: string, prompt: string): string | undefined {
  const named = fields.find(([, pattern]) => pattern.test(task))?.[0];
  return named ?? fields.find(([field]) => prompt.includes(`"${field}"`))?.[0];
}

function titleOf(prompt: string): string {
  const first = /<chat_history>\s*(?:USER:\s*)?([^\n]+)/i.exec(prompt)?.[1] ?? 'Conversation';
  const title = first.replace(/\s+/g, ' ').trim();
  return title.length > longestTitle ? `${title.slice(0, longestTitle - 1).trimEnd()}…` : title;
}
