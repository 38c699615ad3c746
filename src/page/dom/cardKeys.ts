/** Moves the keyboard between agents (up, down) and along an agent's tasks (left, right). */
export function moveBetweenCards(root: HTMLElement, event: KeyboardEvent): void {
  const { target } = event;
  if (!(target instanceof HTMLElement) || event.altKey || event.ctrlKey || event.metaKey) return;
  const cards = [...root.querySelectorAll<HTMLElement>('.card')];
  const card = target.closest<HTMLElement>('.card');
  const at = card ? cards.indexOf(card) : -1;
  if (!card || at < 0) return;
  const next = nextStop(event.key, cards, at, target);
  if (!next) return;
  event.preventDefault();
  const nextCard = next.closest<HTMLElement>('.card');
  for (const one of cards) one.tabIndex = one === nextCard ? 0 : -1;
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}

function nextStop(
  key: string,
  cards: readonly HTMLElement[],
  at: number,
  target: HTMLElement,
): HTMLElement | undefined {
  const card = cards[at];
  const stops = card ? [card, ...card.querySelectorAll<HTMLElement>('.chip')] : [];
  const place = stops.indexOf(target);
  switch (key) {
    case 'ArrowDown':
      return cards[at + 1];
    case 'ArrowUp':
      return cards[at - 1];
    case 'ArrowRight':
      return stops[place + 1];
    case 'ArrowLeft':
      return place > 0 ? stops[place - 1] : undefined;
    case 'Home':
      return cards[0];
    case 'End':
      return cards.at(-1);
    default:
      return undefined;
  }
}
