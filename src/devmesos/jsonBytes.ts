const short: Readonly<Record<number, string>> = {
  0x08: '\\b',
  0x09: '\\t',
  0x0a: '\\n',
  0x0c: '\\f',
  0x0d: '\\r',
  0x22: '\\"',
  0x5c: '\\\\',
};

/** Bytes as a JSON string that holds them unchanged where JSON allows, valid UTF-8 or not: a part of a file may end within a character. */
export function bytesAsJsonString(bytes: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from('"')];
  let from = 0;
  for (const [at, byte] of bytes.entries()) {
    if (byte >= 0x20 && byte !== 0x22 && byte !== 0x5c) continue;
    parts.push(bytes.subarray(from, at));
    parts.push(Buffer.from(short[byte] ?? `\\u${byte.toString(16).padStart(4, '0')}`));
    from = at + 1;
  }
  parts.push(bytes.subarray(from), Buffer.from('"'));
  return Buffer.concat(parts);
}
