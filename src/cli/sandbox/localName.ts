/** A name that every file system takes, and that stays in its folder. */
export function localName(name: string): string {
  const plain = name.replace(/[<>:"/\\|?*\p{Control}]/gu, '_');
  return /^\.*$/.test(plain) ? `_${plain}` : plain;
}
