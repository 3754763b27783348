export { decidePinned } from './decide.ts';
export { readPinned } from './read.ts';
