export { helpOf, helpOfAll } from './help.ts';
export { grammarOf, type CommandName } from './grammar.ts';
export { readComment, type BotCommand } from './parse.ts';
export { explainCommand, type CommandProblem } from './problem.ts';
