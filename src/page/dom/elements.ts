type Child = Node | string;

/** An element with a class and what is in it; texts stand in it as they are. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = '',
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  made.append(...children);
  return made;
}

/** A button that says what it does. */
export function button(className: string, label: string, act: () => void): HTMLButtonElement {
  const made = element('button', className, label);
  made.type = 'button';
  made.addEventListener('click', act);
  return made;
}

/** Sets a text only where it is another: nothing is laid out again for the same. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

export function setAttribute(node: Element, name: string, value: string): void {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/** Makes `parent`'s children these, in this order, moving none that stands well. */
export function setChildren(parent: Element, children: readonly Element[]): void {
  children.forEach((child, index) => {
    const there = parent.children[index];
    if (there !== child) parent.insertBefore(child, there ?? null);
  });
  while (parent.children.length > children.length) parent.lastElementChild?.remove();
}

/** Elements kept by a key: made once, brought up to date, forgotten when they are not asked for any more. */
export class Keyed<T> {
  #parts = new Map<string, T>();

  /** The parts of these keys, in their order. */
  keep(keys: readonly string[], make: (key: string) => T): T[] {
    const next = new Map<string, T>();
    for (const key of keys) next.set(key, this.#parts.get(key) ?? make(key));
    this.#parts = next;
    return [...next.values()];
  }
}
