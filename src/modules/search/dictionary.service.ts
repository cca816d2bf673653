import { Inject, Injectable, Logger } from '@nestjs/common';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DictionaryError, parseDictionary, useDictionary, type UserDictionary } from '#libs/text';
import { ENV } from '../../platform/config/config.module.js';
import { ConfigError, type Env } from '../../platform/config/env.js';
import { ProcessSlot } from '../../platform/storage/process-slot.js';

const mostBytes = 4 * 1024 * 1024;

/**
 * The installation's own Chinese words, AI_STACK_USER_DICTIONARY: read once, before anything is analysed. A copy in this process's place of the
 * data folder is what its children read, so that they know the same words whatever becomes of the file meanwhile.
 */
@Injectable()
export class DictionaryService {
  /** The copy; absent when there is no dictionary. */
  readonly path: string | undefined;
  private readonly logger = new Logger(DictionaryService.name);

  /** @throws ConfigError */
  constructor(slot: ProcessSlot, @Inject(ENV) { AI_STACK_USER_DICTIONARY: given }: Pick<Env, 'AI_STACK_USER_DICTIONARY'>) {
    const copy = join(slot.directory, 'user-dictionary.txt');
    if (given === undefined) {
      rmSync(copy, { force: true });
      return;
    }
    const { text, dictionary } = read(given);
    writeFileSync(copy, text, { mode: 0o600 });
    useDictionary(dictionary);
    this.path = copy;
    this.logger.log(`${dictionary.words.length} words of ${given} are known to the segmenter${dictionary.ignored > 0 ? `; ${dictionary.ignored} are not purely Chinese and not used` : ''}`);
  }
}

function read(path: string): { text: string; dictionary: UserDictionary } {
  try {
    if (statSync(path).size > mostBytes) throw new DictionaryError([`larger than ${mostBytes} bytes`]);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
    return { text, dictionary: parseDictionary(text) };
  } catch (error) {
    throw new ConfigError(faultsOf(error).map((fault) => `AI_STACK_USER_DICTIONARY=${path}: ${fault}`));
  }
}

function faultsOf(error: unknown): string[] {
  if (error instanceof DictionaryError) return error.faults;
  return [error instanceof TypeError ? 'is not UTF-8' : (error as Error).message];
}
