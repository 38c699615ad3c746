import { readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import { $ZodError } from 'zod/v4/core';
import { codeOf, messageOf } from '../host/errors.ts';
import { ConfigurationUnreadable } from './configuration.ts';
import { ContextMissing } from './contexts.ts';
import { daemonMessage, statusOf } from './daemonError.ts';
import { HostNotSupported, type Candidate } from './endpoint.ts';
import type { Declined } from './errors.ts';

type Explained = Pick<Declined, 'reason' | 'why' | 'next'>;

/** Why an address was not taken, from what was thrown when it was asked. */
export function declinedBy(candidate: Candidate, thrown: unknown, limitMs: number): Declined {
  return { name: candidate.name, address: candidate.address, ...explain(candidate, thrown, limitMs) };
}

/** Why a choice could not even be asked: its context is missing, its address is of a kind that is not taken. */
export function unreadable(name: string, address: string, thrown: unknown): Declined {
  const why = messageOf(thrown);
  if (thrown instanceof HostNotSupported) {
    return { name, address, reason: 'unsupported', why, next: thrown.next };
  }
  if (thrown instanceof ContextMissing) {
    return {
      ...{ name, address, reason: 'no-context', why },
      next: '`docker context ls` shows the contexts that there are.',
    };
  }
  if (thrown instanceof ConfigurationUnreadable) {
    return { name, address, reason: 'failed', why, next: `Correct ${thrown.file}, or remove it.` };
  }
  return { name, address, reason: 'failed', why };
}

function explain(candidate: Candidate, thrown: unknown, limitMs: number): Explained {
  const code = codeOf(thrown);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { reason: 'absent', why: 'nothing is there', next: startAdvice(candidate) };
    case 'ECONNREFUSED':
    case 'ENOTSOCK':
      return { reason: 'not-running', why: 'it is not running', next: startAdvice(candidate) };
    case 'EACCES':
    case 'EPERM':
      return {
        reason: 'denied',
        why: 'this user may not use its socket (permission denied)',
        next: permissionAdvice(candidate),
      };
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { reason: 'unknown-host', why: `no machine is known as ${candidate.host ?? ''}` };
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return { reason: 'silent', why: `it cannot be reached (${code})` };
  }
  if (thrown instanceof Error && thrown.name === 'TimeoutError') {
    return {
      reason: 'silent',
      why: `it did not answer within ${String(limitMs / 1000)} s`,
      next: 'If it is starting, try again in a moment; otherwise restart it.',
    };
  }
  const tls = tlsTrouble(code, thrown);
  if (tls) return tls;
  if (code?.startsWith('HPE_') || statusOf(thrown) !== undefined || isNoAnswer(thrown)) {
    const said = statusOf(thrown) === undefined ? '' : `: ${daemonMessage(thrown)}`;
    return { reason: 'not-docker', why: `what answers there is no Docker Engine in order${said}` };
  }
  return { reason: 'failed', why: messageOf(thrown) };
}

/** Something that is not what a daemon says. */
function isNoAnswer(thrown: unknown): boolean {
  return thrown instanceof SyntaxError || thrown instanceof $ZodError;
}

function tlsTrouble(code: string | undefined, thrown: unknown): Explained | undefined {
  if (/HTTP request to an HTTPS server/i.test(messageOf(thrown))) {
    return {
      reason: 'tls',
      why: 'it wants TLS',
      next: 'Set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the folder with ca.pem, cert.pem and key.pem.',
    };
  }
  if (/^(CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|ERR_TLS_|ERR_SSL_|ERR_OSSL_|EPROTO)/.test(code ?? '')) {
    return {
      reason: 'tls',
      why: `no TLS connection came about: ${messageOf(thrown)}`,
      next: 'Check ca.pem, cert.pem and key.pem, in DOCKER_CERT_PATH or in the context.',
    };
  }
  return undefined;
}

function startAdvice({ name, address }: Candidate): string {
  if (address === 'unix:///var/run/docker.sock' && process.platform === 'linux') {
    return 'Start it: sudo systemctl start docker.';
  }
  if (/podman/i.test(address)) {
    return process.platform === 'linux'
      ? 'Start it: systemctl --user start podman.socket.'
      : 'Start it: podman machine start.';
  }
  if (address.includes('colima')) return 'Start it: colima start.';
  return `Start ${name === 'DOCKER_HOST' || name.startsWith('context ') ? 'it' : name}.`;
}

/** The socket's group, and whether the person is already in it but this session doesn't know yet. */
function permissionAdvice({ socketPath }: Candidate): string {
  const user = os.userInfo().username;
  const again =
    'then log out and in again (where VS Code runs remotely, also end its server: it keeps the old groups)';
  try {
    const gid = statSync(socketPath ?? '').gid;
    const entry = readFileSync('/etc/group', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .find((fields) => fields[2] === String(gid));
    const [group = 'docker', , , members = ''] = entry ?? [];
    if (gid === 0) return 'Only root may use it: choose a rootless one, or run as root.';
    if (`,${members},`.includes(`,${user},`)) {
      return `You are in the group ${group}, but this session does not know yet: log out and in again (where VS Code runs remotely, also end its server).`;
    }
    return `Join the group that may: sudo usermod -aG ${group} ${user}; ${again}.`;
  } catch {
    // The folder can't be entered either, or there is no /etc/group.
    return `Join the group that may, mostly docker: sudo usermod -aG docker ${user}; ${again}.`;
  }
}
