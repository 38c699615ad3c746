#!/usr/bin/env node
import { main } from './run.ts';

void main(process.argv);
