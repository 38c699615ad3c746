/** A JSON value as Python writes it (`repr`): what fields look like in the text that textlog.py writes to stdout. */
export function pythonRepr(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(([name, each]) => `${quoted(name)}: ${pythonRepr(each)}`);
    return `{${entries.join(', ')}}`;
  }
  return typeof value === 'number' ? String(value) : '';
}

/** The value of a field: a text stands as it is, unless it is empty or has blanks. */
export function fieldText(value: unknown): string {
  return typeof value === 'string' && value !== '' && !/\s/u.test(value) ? value : pythonRepr(value);
}

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inside = text.replace(/[\\\n\r\t]|\p{Cc}|'/gu, (sign) => {
    if (sign === "'") return quote === "'" ? "\\'" : sign;
    const known = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }[sign];
    return known ?? `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return quote + inside + quote;
}
