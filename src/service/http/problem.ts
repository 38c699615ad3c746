import type { Problem } from '../../api/common.ts';

/** An answer of 400 and above, thrown by whoever finds that a request cannot be answered otherwise. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, problem: Problem, headers: Readonly<Record<string, string>> = {}) {
    super(problem.error);
    this.name = 'HttpProblem';
    this.status = status;
    this.problem = problem;
    this.headers = headers;
  }
}

export function badRequest(why: string, next?: string): HttpProblem {
  return new HttpProblem(400, {
    error: 'The request is not understood; nothing was changed',
    why,
    ...(next === undefined ? {} : { next }),
  });
}

export function notFound(error: string, next?: string): HttpProblem {
  return new HttpProblem(404, { error, ...(next === undefined ? {} : { next }) });
}
