/** One message of a conversation. */
export interface Message {
  /** `user` is read for facts; `assistant` only to tell what the user merely repeats. */
  role: string;
  content: string;
}

export type FactKind = 'explicit' | 'identity' | 'preference' | 'relation' | 'plan' | 'event';

/** Something worth keeping about the user, in the user's own words. */
export interface Fact {
  text: string;
  kind: FactKind;
  /**
   * What it says something about, where there is one value at a time: `name`, `home`, `like:green tea`. A later fact with the same
   * attribute replaces the earlier one. At most 120 UTF-16 units.
   */
  attribute?: string;
}

/** A memory as the comparison needs it. */
export interface Known {
  id: string;
  text: string;
  hash: string;
  terms: readonly string[];
  attribute: string | null;
}

/** What to do with a new fact. NONE: it is known already. */
export type Decision = { event: 'ADD' } | { event: 'UPDATE'; id: string } | { event: 'NONE'; id: string };
