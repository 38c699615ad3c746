/** `#rrggbb`. */
export type Hex = `#${string}`;

/** Of text on its background, as WCAG 2 asks for. */
const enough = 4.5;
/** What editors have behind their text, in the main. */
const grounds = { light: '#ffffff', dark: '#1e1e1e' } as const;

/** The colour, or the nearest one towards black or white that can be read in a theme of this kind. */
export function readable(color: Hex, kind: keyof typeof grounds): Hex {
  const ground = grounds[kind];
  const end: Hex = kind === 'light' ? '#000000' : '#ffffff';
  for (let share = 0; share < 1; share += 0.1) {
    const mixed = mix(color, end, share);
    if (contrast(mixed, ground) >= enough) return mixed;
  }
  return end;
}

/** From 1 (the same) to 21 (black and white). */
export function contrast(one: Hex, other: Hex): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(color: Hex): number {
  const [red = 0, green = 0, blue = 0] = channels(color)
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mix(color: Hex, end: Hex, share: number): Hex {
  const ends = channels(end);
  const mixed = channels(color).map((value, index) => value + ((ends[index] ?? 0) - value) * share);
  return `#${mixed.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;
}

function channels(color: Hex): number[] {
  const value = parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
