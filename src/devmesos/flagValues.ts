import type { Attribute, Resource } from '../mesos/types.ts';
import { parseRanges } from '../mesos/resources.ts';
import { ExplainedError } from '../host/errors.ts';

/**
 * An agent's --resources: `cpus:4;mem:4096;ports:[31000-32000];things:{a,b};cpus(eng):1` (a role in parentheses reserves).
 * Throws ExplainedError if it can't be read.
 */
export function parseResources(text: string): Resource[] {
  return text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const match = /^([^:()]+)(?:\(([^()]+)\))?:(.+)$/.exec(part);
      const value = match?.[3]?.trim() ?? '';
      const name = match?.[1]?.trim() ?? '';
      const role = match?.[2] ?? '*';
      const base = role === '*' ? { name } : { name, reservations: [{ type: 'STATIC' as const, role }] };
      const range = parseRanges(value);
      if (match && range) return { ...base, type: 'RANGES', ranges: { range } };
      const set = /^\{(.*)\}$/.exec(value)?.[1];
      if (match && set !== undefined) return { ...base, type: 'SET', set: { item: listOf(set) } };
      if (match && isNumber(value) && Number(value) >= 0) {
        return { ...base, type: 'SCALAR', scalar: { value: Number(value) } };
      }
      throw new ExplainedError(`The resource "${part}" cannot be read`, {
        why: 'a resource is written name:number, name:[from-to] or name:{a,b}',
        next: 'Give resources such as "cpus:4;mem:4096;disk:10240".',
      });
    });
}

/** An agent's --attributes: `rack:r7;level:10;keys:[1-5]`. Throws ExplainedError if it can't be read. */
export function parseAttributes(text: string): Attribute[] {
  return text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const colon = part.indexOf(':');
      const name = part.slice(0, colon).trim();
      const value = part.slice(colon + 1).trim();
      if (colon <= 0 || value === '') {
        throw new ExplainedError(`The attribute "${part}" cannot be read`, {
          why: 'an attribute is written name:value',
          next: 'Give attributes such as "rack:r7;ssd:true".',
        });
      }
      const range = parseRanges(value);
      if (range) return { name, type: 'RANGES', ranges: { range } };
      if (isNumber(value)) return { name, type: 'SCALAR', scalar: { value: Number(value) } };
      return { name, type: 'TEXT', text: { value } };
    });
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function isNumber(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text);
}
