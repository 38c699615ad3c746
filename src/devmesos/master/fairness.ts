import type { Resources } from '../resources.ts';
import type { Framework } from './framework.ts';
import type { MasterState } from './state.ts';

// Dominant resource fairness, as Mesos' sorter has it: whoever's largest part of any one scalar of the cluster is the smallest
// comes first. Roles are a tree, in which siblings are compared with all that is below them; then come the frameworks in a
// role. All weights are 1.

/** Who may be offered something: a framework in one of its roles. */
export interface Claimant {
  readonly framework: Framework;
  readonly role: string;
}

type Amounts = Map<string, number>;

/** Times that nodes of the tree were chosen since the master's start: among equals, who was chosen less often comes first. */
export class Choices {
  readonly #ofRoles = new Map<string, number>();
  readonly #ofFrameworks = new WeakMap<Framework, Map<string, number>>();

  add({ framework, role }: Claimant): void {
    for (const node of nodesOf(role)) this.#ofRoles.set(node, this.ofNode(node) + 1);
    const ofFramework = this.#ofFrameworks.get(framework) ?? new Map<string, number>();
    this.#ofFrameworks.set(framework, ofFramework.set(role, this.ofClaimant({ framework, role }) + 1));
  }

  ofNode(node: string): number {
    return this.#ofRoles.get(node) ?? 0;
  }

  ofClaimant({ framework, role }: Claimant): number {
    return this.#ofFrameworks.get(framework)?.get(role) ?? 0;
  }
}

/** Who holds how much of the cluster, while offers are made. */
export class Shares {
  readonly #choices: Choices;
  readonly #cluster: Amounts = new Map();
  /** By node of the tree of roles. */
  readonly #ofRoles = new Map<string, Amounts>();
  /** By framework and role. */
  readonly #ofFrameworks = new Map<string, Amounts>();

  /** As they are now. */
  constructor(state: MasterState, choices: Choices) {
    this.#choices = choices;
    for (const { total } of state.agents.values()) count(this.#cluster, total);
    for (const framework of state.frameworks.values()) {
      for (const { role, resources } of framework.offers.values()) this.#hold({ framework, role }, resources);
      for (const task of framework.tasks.values()) {
        const role = task.view.resources?.[0]?.allocation_info?.role ?? '*';
        if (!task.released) this.#hold({ framework, role }, task.resources);
      }
      for (const { role, resources } of framework.executors) this.#hold({ framework, role }, resources);
    }
  }

  /** Counts what was just allocated. */
  allocate(claimant: Claimant, resources: Resources): void {
    this.#hold(claimant, resources);
    this.#choices.add(claimant);
  }

  /** Whose turn it is first. */
  inOrder(claimants: readonly Claimant[]): Claimant[] {
    return [...claimants].sort(
      (one, other) => this.#compareRoles(one.role, other.role) || this.#compareFrameworks(one, other),
    );
  }

  #hold({ framework, role }: Claimant, resources: Resources): void {
    for (const node of nodesOf(role)) count(entry(this.#ofRoles, node), resources);
    count(entry(this.#ofFrameworks, keyOf(framework, role)), resources);
  }

  #compareRoles(one: string, other: string): number {
    if (one === other) return 0;
    const others = nodesOf(other);
    for (const [depth, node] of nodesOf(one).entries()) {
      const against = others[depth] ?? '';
      if (node === against) continue;
      return (
        this.#shareOf(this.#ofRoles.get(node)) - this.#shareOf(this.#ofRoles.get(against)) ||
        this.#choices.ofNode(node) - this.#choices.ofNode(against) ||
        (node < against ? -1 : 1)
      );
    }
    return 0;
  }

  #compareFrameworks(one: Claimant, other: Claimant): number {
    const share = ({ framework, role }: Claimant): number =>
      this.#shareOf(this.#ofFrameworks.get(keyOf(framework, role)));
    return (
      share(one) - share(other) ||
      this.#choices.ofClaimant(one) - this.#choices.ofClaimant(other) ||
      (one.framework.id < other.framework.id ? -1 : 1)
    );
  }

  #shareOf(amounts: Amounts | undefined): number {
    let share = 0;
    for (const [name, amount] of amounts ?? []) {
      const total = this.#cluster.get(name) ?? 0;
      if (total > 0) share = Math.max(share, amount / total);
    }
    return share;
  }
}

/** From the root down, of `a/b`: `a`, `a/b` with all that is below it, and `a/b/.`, the role itself. */
function nodesOf(role: string): string[] {
  const parts = [...role.split('/'), '.'];
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

// Neither ids nor roles hold a newline.
function keyOf(framework: Framework, role: string): string {
  return `${framework.id}\n${role}`;
}

function entry(map: Map<string, Amounts>, key: string): Amounts {
  const there = map.get(key) ?? new Map<string, number>();
  map.set(key, there);
  return there;
}

function count(amounts: Amounts, resources: Resources): void {
  for (const name of resources.scalarNames())
    amounts.set(name, (amounts.get(name) ?? 0) + resources.scalar(name));
}
