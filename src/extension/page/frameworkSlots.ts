/** Gives each framework its colour and pattern: ours the first, others the next as they come, and each keeps its own. */
export class FrameworkSlots {
  readonly #slots = new Map<string, number>();

  slotOf(id: string, ours: boolean): number {
    if (ours) return 0;
    const known = this.#slots.get(id);
    if (known !== undefined) return known;
    const slot = this.#slots.size + 1;
    this.#slots.set(id, slot);
    return slot;
  }
}
