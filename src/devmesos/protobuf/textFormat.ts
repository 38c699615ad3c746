import protobuf from 'protobufjs/light.js';
import type { Type } from 'protobufjs/light.js';

/** A message in protobuf's text format, as Mesos' errors show messages: fields by their numbers, unset ones left out. */
export function textFormat(type: Type, message: Readonly<Record<string, unknown>>, indent = ''): string {
  const fields = [...type.fieldsArray].sort((a, b) => a.id - b.id);
  return fields
    .flatMap((field) => {
      const value = message[field.name];
      if (value === undefined || value === null) return [];
      const of = field.resolve().resolvedType;
      const values = field.repeated ? (value as unknown[]) : [value];
      return values.map((one) => {
        if (of !== null && !(of instanceof protobuf.Enum)) {
          const held = textFormat(of, one as Record<string, unknown>, `${indent}  `);
          return `${indent}${field.name} {\n${held}${indent}}\n`;
        }
        return `${indent}${field.name}: ${scalarText(field.type, one)}\n`;
      });
    })
    .join('');
}

function scalarText(type: string, value: unknown): string {
  if (type === 'string') return `"${escaped(Buffer.from(String(value)))}"`;
  if (type === 'bytes') return `"${escaped(Buffer.from(String(value), 'base64'))}"`;
  return String(value);
}

const short: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '"': '\\"',
  "'": "\\'",
  '\\': '\\\\',
};

/** As C escapes it: what isn't printable ASCII in octal. */
function escaped(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(/[^ -~]|["'\\]/g, (one) => short[one] ?? `\\${one.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
