import * as vscode from 'vscode';

/** The Python extension, Microsoft's or one that stands in its place under the same id. */
const pythonExtension = 'ms-python.python';

/** What we use of its API (https://github.com/microsoft/vscode-python, `environments`). */
interface Environments {
  getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
  updateActiveEnvironmentPath(interpreter: string, resource?: vscode.Uri): Thenable<void>;
}

/** What chooses the interpreter of a workspace folder. */
export interface Interpreters {
  /** The one that is chosen, where that can be told. */
  readonly current: string | undefined;
  choose(interpreter: string): Promise<void>;
}

/** Undefined where there is no Python extension. */
export async function interpretersOf(folder: vscode.Uri): Promise<Interpreters | undefined> {
  const extension = vscode.extensions.getExtension<unknown>(pythonExtension);
  if (!extension) return undefined;
  const environments = environmentsIn(await extension.activate());
  if (environments) {
    return {
      current: environments.getActiveEnvironmentPath(folder).path,
      choose: async (interpreter) => environments.updateActiveEnvironmentPath(interpreter, folder),
    };
  }
  // An older one: what it takes where nobody has chosen yet.
  const configuration = vscode.workspace.getConfiguration('python', folder);
  const setting = 'defaultInterpreterPath';
  return {
    current: configuration.get<string>(setting),
    choose: async (interpreter) => configuration.update(setting, interpreter),
  };
}

function environmentsIn(api: unknown): Environments | undefined {
  if (typeof api !== 'object' || api === null || !('environments' in api)) return undefined;
  return isEnvironments(api.environments) ? api.environments : undefined;
}

function isEnvironments(value: unknown): value is Environments {
  const methods = ['getActiveEnvironmentPath', 'updateActiveEnvironmentPath'];
  return (
    typeof value === 'object' &&
    value !== null &&
    methods.every((name) => typeof Reflect.get(value, name) === 'function')
  );
}
