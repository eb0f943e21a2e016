// For Mocha's --require: a run that is ended from outside takes its windows and servers with it.
import { exitOnSignals } from './children.mts';

exitOnSignals();
