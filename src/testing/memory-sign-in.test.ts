import { memorySignIn } from './memory-sign-in.ts';
import { signInContract } from './sign-in-contract.ts';

const forge = memorySignIn();
signInContract(() => ({ forge, agree: async (url) => forge.agree(url, 'alma'), isStrict: true }));
