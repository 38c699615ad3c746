const quote = 0x22;
const backslash = 0x5c;

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/**
 * The value of a JSON object's member that is a string, byte by byte: Mesos writes a file's bytes into JSON as they are,
 * whether they are UTF-8 or not. `rest`: the text behind it. Undefined where there is no such member.
 */
export function bytesOfJsonString(
  json: Buffer,
  member: string,
): { readonly bytes: Buffer; readonly rest: string } | undefined {
  const name = Buffer.from(`"${member}":`);
  const at = json.indexOf(name);
  const begin = at < 0 ? -1 : json.indexOf(quote, at + name.length);
  if (begin < 0) return undefined;
  const parts: Buffer[] = [];
  let from = begin + 1;
  for (let place = from; place < json.length; place += 1) {
    const byte = json[place];
    if (byte === quote) {
      parts.push(json.subarray(from, place));
      return { bytes: Buffer.concat(parts), rest: json.toString('latin1', place + 1) };
    }
    if (byte !== backslash) continue;
    parts.push(json.subarray(from, place));
    const letter = String.fromCharCode(json[place + 1] ?? 0);
    if (letter === 'u') {
      const { text, length } = unicodeAt(json, place);
      parts.push(Buffer.from(text));
      place += length - 1;
    } else {
      parts.push(Buffer.from(escapes[letter] ?? letter));
      place += 1;
    }
    from = place + 1;
  }
  return undefined;
}

/** `\uXXXX` at a place, or two of them that are one character. */
function unicodeAt(json: Buffer, place: number): { text: string; length: number } {
  const found = /^(?:\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4})/.exec(
    json.toString('latin1', place, place + 12),
  )?.[0];
  if (found === undefined) return { text: '\ufffd', length: 2 };
  return { text: JSON.parse(`"${found}"`) as string, length: found.length };
}
