import { cliAppSuite } from '../testing/cli-app-suite.ts';
import { cliRun } from '../testing/cli-terminal.ts';

cliAppSuite(cliRun);
