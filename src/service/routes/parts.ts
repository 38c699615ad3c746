import { partReport, type PartReport } from '../../api/people.ts';
import type { Parts } from '../sides/side.ts';
import { HttpProblem, notFound } from '../http/problem.ts';
import { param, type Route } from '../http/route.ts';
import { valid } from '../http/validate.ts';

/** What whoever watches the containers tells of a part. `report`: undefined where the service itself keeps the parts. */
export function partRoutes(
  parts: Parts,
  report: ((part: string, report: PartReport) => void) | undefined,
): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/parts/{name}/report',
      access: 'admin',
      bodyLimit: 64 * 1024,
      handle: (call) => {
        const name = param(call, 'name');
        const names = parts.views().map((part) => part.name);
        if (!names.includes(name))
          throw notFound(`No part is called ${name}`, `There are ${names.join(', ')}.`);
        if (!report) {
          throw new HttpProblem(409, {
            error: 'The parts of this cluster are processes that the service itself keeps running',
            why: 'reports are for containers, which it cannot see',
          });
        }
        report(name, valid(partReport, call.body));
        return { kind: 'empty', status: 204 };
      },
    },
  ];
}
