import { cliDecisionsSuite } from '../testing/cli-decisions-suite.ts';
import { cliRun } from '../testing/cli-terminal.ts';

cliDecisionsSuite(cliRun);
