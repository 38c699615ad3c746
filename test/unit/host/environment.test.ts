import assert from 'node:assert/strict';
import { networkEnvironment, plainEnvironment } from '../../../src/host/environment.ts';

const editor = {
  PATH: '/usr/bin',
  HOME: '/home/me',
  LANG: 'de_DE.UTF-8',
  LC_ALL: 'C',
  HTTPS_PROXY: 'http://proxy:3128',
  no_proxy: 'intern.example, 127.0.0.1',
  SSL_CERT_FILE: '/etc/ca.pem',
  REQUESTS_CA_BUNDLE: '/etc/ca.pem',
  MESOS_AIRFLOW_HOME: '/tmp/x',
  ELECTRON_RUN_AS_NODE: '1',
  VSCODE_IPC_HOOK: '/tmp/hook',
  NODE_OPTIONS: '--inspect',
  PYTHONDONTWRITEBYTECODE: '1',
  PYTHONPATH: '/somewhere',
  AIRFLOW_HOME: '/home/me/airflow',
  AWS_SECRET_ACCESS_KEY: 'secret',
  GITHUB_TOKEN: 'secret',
};

describe('what programs of ours inherit', () => {
  it('is what they need to run, and neither secrets nor what changes them', () => {
    assert.deepEqual(plainEnvironment(editor), {
      PATH: '/usr/bin',
      HOME: '/home/me',
      LANG: 'de_DE.UTF-8',
      LC_ALL: 'C',
      HTTPS_PROXY: 'http://proxy:3128',
      SSL_CERT_FILE: '/etc/ca.pem',
      REQUESTS_CA_BUNDLE: '/etc/ca.pem',
      MESOS_AIRFLOW_HOME: '/tmp/x',
      no_proxy: 'intern.example,127.0.0.1,localhost,::1',
      NO_PROXY: 'intern.example,127.0.0.1,localhost,::1',
    });
  });

  it('is for tasks only what leads to the network, loopback never through a proxy', () => {
    assert.deepEqual(networkEnvironment(editor), {
      HTTPS_PROXY: 'http://proxy:3128',
      SSL_CERT_FILE: '/etc/ca.pem',
      REQUESTS_CA_BUNDLE: '/etc/ca.pem',
      no_proxy: 'intern.example,127.0.0.1,localhost,::1',
      NO_PROXY: 'intern.example,127.0.0.1,localhost,::1',
    });
    assert.deepEqual(networkEnvironment({}), {
      no_proxy: 'localhost,127.0.0.1,::1',
      NO_PROXY: 'localhost,127.0.0.1,::1',
    });
  });
});
