import type { Message } from '#libs/memory';

const mostMessages = 4;
/** In UTF-16 units. A message of this length is a pasted text, from which nothing is learnt anyway. */
const longestMessage = 5_000;
/** What jsonb cannot hold: NUL, and half of a surrogate pair (a cut may leave one). */
const unstorable = /\u0000|\p{Cs}/gu;

/** What of a turn is kept until it is learnt from: its last messages of the user and the assistant, each cut. About 60 kB at most. */
export function boundedTurn(turn: readonly Message[]): Message[] {
  return turn
    .filter(({ role, content }) => (role === 'user' || role === 'assistant') && content.trim() !== '')
    .slice(-mostMessages)
    .map(({ role, content }) => ({ role, content: content.slice(0, longestMessage).replace(unstorable, '') }));
}
