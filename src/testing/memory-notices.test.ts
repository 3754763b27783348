import { beforeEach } from 'vitest';
import type { NoticeBox } from '../ports/notice-box.ts';
import { memoryNotices } from './memory-notices.ts';
import { noticesContract } from './notices-contract.ts';

let box: NoticeBox;
beforeEach(() => {
  box = memoryNotices();
});

noticesContract(() => box);
