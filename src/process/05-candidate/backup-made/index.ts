export { decideBackup } from './decide.ts';
