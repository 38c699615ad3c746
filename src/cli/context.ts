import type { UserFolders } from '../host/folders.ts';
import type { Engines } from './engines.ts';
import type { Interrupts } from './interrupts.ts';
import type { Terminal } from './output/terminal.ts';

/** What every command is given. */
export interface Context {
  /** Standard output: what was asked for. */
  readonly out: Terminal;
  /** Standard error: errors, and progress where standard output is for data. */
  readonly err: Terminal;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** The bundle that runs (`process.argv[1]`): the program's files are found from it. */
  readonly entry: string;
  readonly folders: UserFolders;
  readonly engines: Engines;
  readonly interrupts: Interrupts;
  /** Whether a person can be asked: standard input and error are a terminal. */
  readonly canAsk: boolean;
  /** Sets the exit status of a command that ends without an error. */
  readonly endWith: (code: number) => void;
}
