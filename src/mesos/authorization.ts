/**
 * Gives the value of the Authorization header. It is asked for each request, so that a token that expires can be
 * renewed. The value goes to the masters and agents that are called, and where a master redirects to.
 */
export type Authorization = () => string | Promise<string>;

/** HTTP basic authentication: what Mesos's own authenticator (`--authenticate_http_…`) wants. */
export function basicAuthorization(principal: string, secret: string): Authorization {
  const value = `Basic ${Buffer.from(`${principal}:${secret}`).toString('base64')}`;
  return () => value;
}

/** A bearer token, for masters behind an authenticating proxy or with a JWT authenticator. */
export function bearerAuthorization(token: () => string | Promise<string>): Authorization {
  return async () => `Bearer ${await token()}`;
}
