#!/usr/bin/env node
import { superviseHere } from '../engines/embedded/supervise.ts';
import { supervisorMode } from '../engines/embedded/supervisor.ts';

const [, , mode, folder] = process.argv;

// Either is loaded by itself: a supervisor lives as long as its cluster, and stays small without the commands.
if (mode === supervisorMode && folder !== undefined) void superviseHere(folder);
else void import('./run.ts').then(({ main }) => main(process.argv));
