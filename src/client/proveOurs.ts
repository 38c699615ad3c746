import { randomBytes, timingSafeEqual } from 'node:crypto';
import { identityProof } from '../api/identity.ts';
import { identity, type Identity } from '../api/people.ts';
import { codeOf } from '../host/errors.ts';
import { ForeignService, ServiceProblem, ServiceUnreachable, UnexpectedAnswer } from './errors.ts';
import { open, textOf, type ServiceAddress } from './transport.ts';

/**
 * Makes sure that a cluster's own service listens at an address, before a token is sent there: while its container was
 * gone, any program of any user may have got the port. Throws ForeignService, or ServiceUnreachable.
 */
export async function proveOurs(
  cluster: string,
  address: ServiceAddress & { readonly url: string },
  token: string,
  options: { readonly signal?: AbortSignal | undefined; readonly timeoutMs: number },
): Promise<void> {
  const challenge = randomBytes(24).toString('base64url');
  const limit = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
  const foreign = (why: string, cause?: unknown): ForeignService =>
    new ForeignService(cluster, address.url, why, cause);
  let answer: Identity;
  try {
    answer = await identityOf(address, challenge, signal);
  } catch (error) {
    if (isOthersAnswer(error)) throw foreign('another program has got the port', error);
    throw error;
  }
  if (answer.cluster !== cluster) throw foreign(`it is the service of the cluster “${answer.cluster}”`);
  if (!same(answer.proof, identityProof(token, cluster, challenge))) {
    throw foreign('it does not have this cluster’s token: another cluster of that name, or a stranger');
  }
}

function isOthersAnswer(error: unknown): boolean {
  if (error instanceof ServiceProblem || error instanceof UnexpectedAnswer) return true;
  // Node's parser met something that is no HTTP.
  return error instanceof ServiceUnreachable && codeOf(error.cause)?.startsWith('HPE_') === true;
}

async function identityOf(
  address: ServiceAddress,
  challenge: string,
  signal: AbortSignal,
): Promise<Identity> {
  const request = 'GET /v1/identity';
  const answer = await open(address, { method: 'GET', path: `/v1/identity?challenge=${challenge}`, signal });
  const text = await textOf(address, answer, signal);
  try {
    const parsed = identity.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    // Not JSON: told below.
  }
  throw new UnexpectedAnswer(request, 'not as this version has it');
}

function same(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
