#!/usr/local/bin/node
// In the place of mesos-master and mesos-agent (mesos-slave) in the stand-ins of Apache's images: takes the flags and
// variables that the real programs of its release take (flags.json), refuses what they refuse in their words, and then runs
// our dev Mesos with what the flags say. Stricter in one thing: the real programs ignore MESOS_ variables that they don't
// know, where a wrong name goes unnoticed.
'use strict';
const dns = require('node:dns');
const fs = require('node:fs');
const path = require('node:path');

const folder = '/usr/share/mesos-stand-in';
const program = path.basename(process.argv[1]);
const kind = program === 'mesos-master' ? 'master' : 'agent';
const release = fs.readFileSync(`${folder}/release`, 'utf8').trim();
const known = JSON.parse(fs.readFileSync(`${folder}/flags.json`, 'utf8'))[release][kind];

function end(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** The real programs tell of flags before they log, and of the rest as a line of their log. */
function exit(message) {
  end(`EXIT with status 1: ${message}`);
}

function badFlag(message) {
  const name = kind === 'agent' ? 'mesos-agent' : 'mesos-master';
  end(`${message}\n\nSee \`${name} --help\` for a list of supported flags.`);
}

function load(flags, given, value) {
  const negated = given.startsWith('no-');
  const name = negated ? given.slice(3) : given;
  const boolean = known.booleans.includes(name);
  if (!boolean && !known.values.includes(name)) {
    badFlag(`Failed to load unknown flag '${name}'${negated ? ` via '${given}'` : ''}`);
  }
  if (!boolean) {
    if (negated) badFlag(`Failed to load non-boolean flag '${name}' via '${given}'`);
    if (value === undefined) badFlag(`Failed to load non-boolean flag '${name}': Missing value`);
    flags.set(name, value);
    return;
  }
  const text = value === undefined || value === '' ? (negated ? 'false' : 'true') : value;
  if (!['true', '1', 'false', '0'].includes(text)) {
    badFlag(
      `Failed to load flag '${name}': Failed to load value '${text}': Expecting a boolean (e.g., true or false)`,
    );
  }
  flags.set(name, text === 'true' || text === '1');
}

function readFlags() {
  const flags = new Map();
  for (const [variable, value] of Object.entries(process.env)) {
    if (!variable.startsWith('MESOS_')) continue;
    const name = variable.slice('MESOS_'.length).toLowerCase();
    const bare = name.replace(/^no-/, '');
    if (!known.booleans.includes(bare) && !known.values.includes(bare)) {
      end(`stand-in: ${variable} is no flag of ${program} ${release}, which would ignore it`);
    }
    load(flags, name, value);
  }
  // What stands on the command line goes before the environment.
  for (const argument of process.argv.slice(2)) {
    if (!argument.startsWith('--')) continue;
    const at = argument.indexOf('=');
    if (at < 0) load(flags, argument.slice(2), undefined);
    else load(flags, argument.slice(2, at), argument.slice(at + 1));
  }
  return flags;
}

function credentialsIn(file, flag, most) {
  let text;
  try {
    text = fs.readFileSync(file.replace(/^file:\/\//, ''), 'utf8');
  } catch {
    exit(`Failed to read credentials file '${file}': No such file or directory (see --${flag} flag)`);
  }
  const lines = text.split('\n').filter((line) => line !== '');
  if (most === 1 && lines.length !== 1) exit(`Expecting only one credential (see --${flag} flag)`);
  lines.forEach((line, index) => {
    if (line.split(' ').filter((word) => word !== '').length !== 2) {
      exit(`Invalid credential format at line ${index + 1} (see --${flag} flag)`);
    }
  });
  return lines[0].split(' ')[1];
}

function checkReaders(flags, credentials) {
  for (const [flag, realm] of [
    ['authenticate_http_readonly', `mesos-${kind}-readonly`],
    ['authenticate_http_readwrite', `mesos-${kind}-readwrite`],
    ['authenticate_http_frameworks', 'mesos-master-scheduler'],
  ]) {
    if (flags.get(flag) !== true) continue;
    if (flag === 'authenticate_http_frameworks' && !flags.has('http_framework_authenticators')) {
      exit(
        'Missing `--http_framework_authenticators` flag. This must be used in conjunction with `--authenticate_http_frameworks`',
      );
    }
    if (!credentials) {
      exit(`No credentials provided for the default 'basic' HTTP authenticator for realm '${realm}'`);
    }
  }
}

function duration(flags, name) {
  const value = flags.get(name);
  if (value !== undefined && !/^\d+(\.\d+)?(ns|us|ms|secs|mins|hrs|days|weeks)$/.test(value)) {
    badFlag(`Failed to load flag '${name}': Failed to load value '${value}': Invalid duration '${value}'`);
  }
}

/** The devmesos arguments of a master. */
function master(flags) {
  duration(flags, 'offer_timeout');
  const registry = flags.get('registry') ?? 'replicated_log';
  if (registry === 'replicated_log') {
    if (!flags.has('work_dir')) exit('--work_dir needed for replicated log based registry');
    if (flags.has('zk') && !flags.has('quorum')) {
      exit('Need to specify --quorum for replicated log based registry when using ZooKeeper');
    }
    fs.mkdirSync(path.join(flags.get('work_dir'), 'replicated_log'), { recursive: true });
  } else if (registry !== 'in_memory') {
    exit(`'${registry}' is not a supported option for registry persistence`);
  }
  if (flags.has('zk')) end('stand-in: there is no ZooKeeper here');
  const file = flags.get('credentials');
  const secret = file && credentialsIn(file, 'credentials', Infinity);
  checkReaders(flags, secret);
  return ['master', ...login(flags, file, flags.get('authenticate_agents') === true ? secret : undefined)];
}

/** The devmesos arguments of an agent. */
function agent(flags) {
  duration(flags, 'executor_registration_timeout');
  if (!flags.has('work_dir')) badFlag("Flag 'work_dir' is required, but it was not provided");
  if (!flags.has('master')) exit('Missing required option `--master` or `--master_detector`');
  const credential = flags.has('credential')
    ? credentialsIn(flags.get('credential'), 'credential', 1)
    : undefined;
  const file = flags.get('http_credentials');
  checkReaders(flags, file && credentialsIn(file, 'http_credentials', Infinity));
  const containerizers = (flags.get('containerizers') ?? 'mesos').split(',');
  for (const containerizer of containerizers) checkContainerizer(flags, containerizer);
  const [host, port] = flags.get('master').split(':');
  return new Promise((resolve) => {
    dns.lookup(host, { family: 4 }, (error, address) => {
      if (error) exit(`Failed to create a master detector: Failed to parse '${flags.get('master')}'`);
      const options = [
        'agent',
        ...login(flags, file, credential),
        // By its address: the real agent looks it up this once.
        ...['--master', `http://${address}:${port}`],
        ...['--work-dir', flags.get('work_dir')],
        ...['--switch-user', String(flags.get('switch_user') ?? true)],
        ...['--containerizers', containerizers.join(',')],
      ];
      for (const [flag, option] of [
        ['resources', '--resources'],
        ['attributes', '--attributes'],
        ['docker_socket', '--docker-socket'],
      ]) {
        if (flags.has(flag)) options.push(option, flags.get(flag));
      }
      resolve(options);
    });
  });
}

function checkContainerizer(flags, name) {
  const failed = 'Failed to create a containerizer: Could not create';
  if (name === 'mesos') {
    const launcher = flags.get('launcher') ?? 'linux';
    const isolation = flags.get('isolation') ?? 'posix/cpu,posix/mem';
    if (!['linux', 'posix'].includes(launcher)) {
      exit(
        `${failed} MesosContainerizer: Failed to create launcher: Unknown or unsupported launcher: ${launcher}`,
      );
    }
    if (launcher === 'linux' && !mayMount()) {
      exit(
        `${failed} MesosContainerizer: Failed to create launcher: Failed to create Linux launcher: Failed to mount cgroups hierarchy at '/sys/fs/cgroup/freezer': Operation not permitted`,
      );
    }
    if (launcher === 'posix' && /cgroups\/|filesystem\/linux|namespaces\//.test(isolation)) {
      exit(
        `${failed} MesosContainerizer: Failed to create isolator '${isolation}': 'linux' launcher must be used`,
      );
    }
    return;
  }
  if (name !== 'docker')
    exit(`Failed to create a containerizer: Unknown or unsupported containerizer: ${name}`);
  const mounts = fs.readFileSync('/proc/mounts', 'utf8').split('\n');
  const hasCpu = mounts.some(
    (line) => / cgroup /.test(line) && /[, ]cpu[, ]/.test(line.split(' ')[3]?.concat(' ') ?? ''),
  );
  if (!hasCpu) {
    exit(
      `${failed} DockerContainerizer: Failed to create docker: Failed to find a mounted cgroups hierarchy for the 'cpu' subsystem; you probably need to mount cgroups manually`,
    );
  }
  if (!fs.existsSync(flags.get('docker_socket') ?? '/var/run/docker.sock')) {
    exit(`${failed} DockerContainerizer: Failed to create docker: Timed out getting docker version`);
  }
}

/** CAP_SYS_ADMIN, which containers have that are privileged. */
function mayMount() {
  const [, effective] = /^CapEff:\s*([0-9a-f]+)$/m.exec(fs.readFileSync('/proc/self/status', 'utf8'));
  return (BigInt(`0x${effective}`) & (1n << 21n)) !== 0n;
}

function login(flags, credentials, secret) {
  const own = kind === 'master' ? '5050' : '5051';
  const secretFile = '/run/mesos-stand-in.secret';
  fs.mkdirSync('/run', { recursive: true });
  fs.writeFileSync(secretFile, secret ?? 'whoever comes', { mode: 0o600 });
  const asksForLogin = flags.get('authenticate_http_readwrite') === true;
  return [
    ...['--host', flags.get('ip') ?? '0.0.0.0', '--port', flags.get('port') ?? own],
    ...(flags.has('hostname') ? ['--hostname', flags.get('hostname')] : []),
    ...['--secret-file', secretFile],
    ...(asksForLogin ? ['--credentials', credentials] : ['--without-login']),
  ];
}

async function main() {
  const flags = readFlags();
  if (flags.get('version')) {
    process.stdout.write(`mesos ${release}\n`);
    return;
  }
  if (flags.has('ip') && flags.has('ip_discovery_command')) {
    exit('Only one of `--ip` or `--ip_discovery_command` should be specified');
  }
  const options = await (kind === 'master' ? master(flags) : agent(flags));
  const devmesos = `${folder}/devmesos.cjs`;
  process.argv = [process.argv[0], devmesos, ...options];
  require(devmesos);
}

void main();
