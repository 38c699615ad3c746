import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { ClusterModel } from '../cluster/model.ts';
import { Disposing } from '../dispose.ts';
import { clientOf } from './connect.ts';
import { sandboxMemory } from './memory.ts';
import { sandboxKey } from './place.ts';
import { SandboxFileSystem } from './provider.ts';
import { placeIn, type OpenSandbox } from './rows.ts';
import { SandboxView, sandboxView } from './view.ts';

/** The oldest are closed. */
const mostOpen = 20;

const remembered = z.array(
  z.object({ cluster: z.string(), task: z.string(), title: z.string(), about: z.string() }),
);

/** The sandboxes of the window: their files, and those of them that a person has opened. */
export class Sandboxes extends Disposing {
  readonly fileSystem: SandboxFileSystem;
  readonly #memory: vscode.Memento;
  #view: SandboxView | undefined;

  constructor({ model, memory }: { readonly model: ClusterModel; readonly memory: vscode.Memento }) {
    super();
    this.#memory = memory;
    this.fileSystem = this.register(new SandboxFileSystem((cluster) => clientOf(model, cluster)));
    const parsed = z.safeParse(remembered, memory.get(sandboxMemory));
    if (parsed.data && parsed.data.length > 0) this.#show(parsed.data);
  }

  /** Undefined until the first sandbox is opened. */
  get view(): SandboxView | undefined {
    return this.#view;
  }

  /** Shows a sandbox in the Explorer. Rejects with an explanation where it is not there. */
  async open(sandbox: OpenSandbox): Promise<void> {
    await this.fileSystem.files.list(placeIn(sandbox));
    const others = (this.#view?.sandboxes ?? []).filter((one) => sandboxKey(one) !== sandboxKey(sandbox));
    const view = this.#show([...others, sandbox].slice(-mostOpen));
    await this.#remember();
    await vscode.commands.executeCommand(`${sandboxView}.focus`);
    await view.reveal(sandbox);
  }

  async close(which: Pick<OpenSandbox, 'cluster' | 'task'>): Promise<void> {
    const open = this.#view?.sandboxes ?? [];
    this.#show(open.filter((one) => sandboxKey(one) !== sandboxKey(which)));
    await this.#remember();
  }

  #show(sandboxes: readonly OpenSandbox[]): SandboxView {
    this.#view ??= this.register(new SandboxView(this.fileSystem));
    this.#view.set(sandboxes);
    void vscode.commands.executeCommand('setContext', 'mesosAirflow.sandboxes', sandboxes.length > 0);
    return this.#view;
  }

  async #remember(): Promise<void> {
    const open = this.#view?.sandboxes ?? [];
    await this.#memory.update(sandboxMemory, open.length === 0 ? undefined : open);
  }
}
