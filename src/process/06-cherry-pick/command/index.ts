export { helpOf, helpOfAll } from './help.ts';
export { grammarOf, type CommandName, type CommandSpec } from './grammar.ts';
export { readCommand, readComment, type BotCommand, type ReadCommand, type ReadComment } from './parse.ts';
export { explainCommand, type CommandProblem } from './problem.ts';
