import { EmbeddedEngine } from '../engines/embedded/engine.ts';
import type { Engine } from '../engines/engine.ts';
import { programFiles } from '../engines/program.ts';
import type { Context } from './context.ts';

/** The engine of this machine. */
export function embeddedEngine(context: Context): Engine {
  return new EmbeddedEngine({
    folders: context.folders,
    program: programFiles(context.entry),
    env: context.env,
  });
}
