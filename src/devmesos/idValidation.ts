/** What is wrong with the id of a task, executor or framework: ids become folders. */
export function idError(id: string): string | undefined {
  if (id === '') return 'ID must not be empty';
  if (Buffer.byteLength(id) > 255) return 'ID must not be greater than 255 characters';
  if (id === '.' || id === '..') return `'${id}' is disallowed`;
  return Array.from(id).some(isInvalid) ? `'${id}' contains invalid characters` : undefined;
}

function isInvalid(character: string): boolean {
  const code = character.charCodeAt(0);
  return code < 0x20 || code === 0x7f || character === '/' || character === '\\';
}
