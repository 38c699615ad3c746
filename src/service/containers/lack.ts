/**
 * What a container's part lacks; `message` is fit for a person. `gone`: certainly nothing is there. `silent`: it does not
 * do what it should. `unknown`: it cannot be told, because who would tell is away.
 */
export class Lack extends Error {
  readonly kind: 'gone' | 'silent' | 'unknown';

  constructor(kind: Lack['kind'], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'Lack';
    this.kind = kind;
  }
}
