import { signalsContract, viewHistoryContract } from './signals-contract.ts';
import { memorySignals, memoryViewHistory } from './memory-signals.ts';

const signals = memorySignals();
const history = memoryViewHistory();
signalsContract(() => ({ signals, train: 'pytorch' }));
viewHistoryContract(() => ({ history, train: 'pytorch' }));
