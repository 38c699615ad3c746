/**
 * Takes back what a program that was ended in the midst of its work may have left in a terminal: another screen, a hidden
 * cursor, keys and a mouse that arrive as sequences. Where there is nothing of it nothing changes.
 */
export const undoTerminalModes = [
  ...['1047', '1000', '1002', '1003', '1004', '1006', '1015', '2004', '1'].map((mode) => `\u001b[?${mode}l`),
  // The keypad; the cursor, wrapped lines, text that moves aside, the character set, colours.
  ...['\u001b>', '\u001b[?25h', '\u001b[?7h', '\u001b[4l', '\u001b(B', '\u000f', '\u001b[0m'],
  // A part that scrolls by itself: undoing it moves the cursor, which is brought back.
  ...['\u001b7', '\u001b[r', '\u001b8'],
].join('');
