/** How an engine speaks: laid over the request, below the rules that keep answers to their sources. */
export interface Personality {
  id: string;
  /** The tenant's own name for it; there is one of each. */
  name: string;
  /** For people; no model reads it. */
  description: string | null;
  /** Instructions, first in the system message. */
  systemPrompt: string;
  /** A few words on the manner: `friendly`, `formal and short`. */
  tone: string | null;
  /** Instead of the configured model. */
  model: string | null;
  temperature: number | null;
  /** Names of the tools it may use; null: all that the principal may. */
  tools: string[] | null;
  createdAt: Date;
  updatedAt: Date;
}

export type NewPersonality = Pick<Personality, 'name' | 'systemPrompt'> & Partial<PersonalityDetails>;

/** What is undefined stays. */
export type PersonalityChange = Partial<NewPersonality>;

type PersonalityDetails = Pick<Personality, 'description' | 'tone' | 'model' | 'temperature' | 'tools'>;
