export { decideBackup, type BackupToJudge } from './decide.ts';
