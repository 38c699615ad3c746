import { spawn } from 'node:child_process';
import { Argument, Command } from 'commander';
import { connect } from '../cluster.ts';
import { jsonOption, nameOption, type JsonOption, type MakeCommand, type NameOption } from '../command.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';

interface Options extends NameOption, JsonOption {
  readonly print?: true;
}

export const open: MakeCommand = (context) =>
  new Command('open')
    .description('open Airflow (signed in) or the Mesos master in the browser')
    .addArgument(new Argument('[what]', 'which').choices(['airflow', 'mesos']).default('airflow'))
    .option('--print', 'print the address only; the one of Airflow works once, for a short time')
    .addOption(nameOption())
    .addOption(jsonOption())
    .action(async (what: 'airflow' | 'mesos', options: Options) => {
      const client = await connect(context, options.name);
      const url = what === 'mesos' ? (await client.cluster()).master.url : await client.airflowLogin();
      if (options.json) {
        context.out.line(JSON.stringify({ url }));
      } else if (options.print || !(await opened(url, context.env))) {
        context.out.line(url);
      } else {
        context.out.line(`Opened ${what === 'mesos' ? url : 'Airflow'} in the browser.`);
      }
    });

/** Hands an address to the platform's opener. False where there is none, or no screen to open it on. */
async function opened(url: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  if (!/^https?:\/\//.test(url)) {
    throw new CommandError(exitCodes.failed, `${url} is no web address`);
  }
  const opener = openerFor(process.platform, env);
  if (!opener) return false;
  return new Promise((resolve) => {
    const child = spawn(opener.command, [...opener.args, url], { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
    child.unref();
  });
}

function openerFor(
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
): { readonly command: string; readonly args: readonly string[] } | undefined {
  if (env.BROWSER) return { command: env.BROWSER, args: [] };
  if (platform === 'darwin') return { command: 'open', args: [] };
  if (platform === 'win32') return { command: 'explorer.exe', args: [] };
  return env.DISPLAY || env.WAYLAND_DISPLAY ? { command: 'xdg-open', args: [] } : undefined;
}
